package dev.sluice.cookbook;

import dev.sluice.csp.Channel;
import dev.sluice.csp.Scope;
import java.util.function.BooleanSupplier;

/** Waits for what other processes are about to do; for ever when they do not. */
final class Eventually {
  private Eventually() {}

  @SuppressWarnings("ThreadPriorityCheck") // on one processor the others must run
  static void that(BooleanSupplier comesTrue) {
    while (!comesTrue.getAsBoolean()) {
      Thread.yield();
    }
  }

  /** The scope's channel of that name. */
  static Channel<?> channel(Scope scope, String name) {
    return scope.channels().stream()
        .filter(channel -> channel.stats().name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
