package dev.sluice.mesh.remote;

/**
 * Where a process listens.
 *
 * @param http for HTTP; 0: any that is free
 * @param grpc for gRPC; 0: any that is free
 */
record Ports(int http, int grpc) {
  static final Ports ANY = new Ports(0, 0);
}
