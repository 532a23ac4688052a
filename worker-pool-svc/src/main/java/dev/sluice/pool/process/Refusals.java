package dev.sluice.pool.process;

import dev.sluice.store.StoreFailure;

/** Why a reply gets no answer. */
final class Refusals {
  private Refusals() {}

  static RefusedException draining() {
    return new RefusedException(new RefusedException.Reason.Draining());
  }

  static RefusedException overloaded(String what) {
    return new RefusedException(new RefusedException.Reason.Overloaded(what));
  }

  static RefusedException store(StoreFailure why) {
    return new RefusedException(new RefusedException.Reason.Store(why));
  }
}
