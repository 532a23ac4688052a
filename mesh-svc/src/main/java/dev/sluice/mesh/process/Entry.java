package dev.sluice.mesh.process;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that the router has accepted and that is not answered; owned by the router. */
final class Entry {
  final Request request;
  final Line line;

  /** Those who want to know; repetitions of the request join them. */
  final List<Caller> callers = new ArrayList<>(1);

  /** The delivery whose answer counts; null while it waits for one. */
  @Nullable Delivery delivery;

  /** How many times it has been delivered. */
  int deliveries;

  /** How many times a worker got stuck or died while running it. */
  int strikes;

  Entry(Request request, Line line) {
    this.request = request;
    this.line = line;
  }

  int chars() {
    return request.payload().length();
  }
}
