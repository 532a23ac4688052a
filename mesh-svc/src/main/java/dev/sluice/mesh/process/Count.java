package dev.sluice.mesh.process;

/**
 * Counts its own requests of the key: replies with {@code {"count":n}}, the payload is not read.
 */
final class Count implements Operation {

  @Override
  public String name() {
    return "count";
  }

  @Override
  public Ran run(Call call) {
    long count = (call.state() == null ? 0 : Long.parseLong(call.state())) + 1;
    return new Ran("{\"count\":" + count + "}", Long.toString(count));
  }
}
