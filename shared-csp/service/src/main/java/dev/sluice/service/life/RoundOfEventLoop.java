package dev.sluice.service.life;

import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs what an event loop gives it when that loop has done the work at hand, and what any other
 * thread gives it at once. So a process that an event loop sends to is woken once a round, and not
 * for every request that was read in it.
 */
final class RoundOfEventLoop implements Executor {
  @Override
  public void execute(Runnable task) {
    if (Vertx.currentContext() instanceof ContextInternal context
        && context.nettyEventLoop().inEventLoop()) {
      try {
        context.nettyEventLoop().execute(task);
        return;
      } catch (RejectedExecutionException ending) {
        // there is no further round
      }
    }
    task.run();
  }
}
