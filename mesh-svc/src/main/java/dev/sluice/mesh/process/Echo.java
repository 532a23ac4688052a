package dev.sluice.mesh.process;

/** Replies with the payload. */
final class Echo implements Operation {

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public Ran run(Call call) {
    return new Ran(call.payload(), null);
  }
}
