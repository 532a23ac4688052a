package dev.sluice.mesh.remote;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.OptionalInt;

/**
 * Which ports routers get.
 *
 * @param http of the first router, then upwards; not there: one that is free
 * @param grpc as above
 */
public record RouterPorts(OptionalInt http, OptionalInt grpc) {

  /** Of the router that is started as this one, from 0. */
  Ports of(int index) throws IOException {
    try (ServerSocket one = new ServerSocket(0);
        ServerSocket other = new ServerSocket(0)) {
      return new Ports(
          http.isPresent() ? http.getAsInt() + index : one.getLocalPort(),
          grpc.isPresent() ? grpc.getAsInt() + index : other.getLocalPort());
    }
  }
}
