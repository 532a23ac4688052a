package dev.sluice.market.stage;

import dev.sluice.csp.Reply;
import java.util.Set;

/** What the filter can be asked. */
public sealed interface FilterOrder {
  /**
   * To let a symbol through, or no more.
   *
   * @param symbol which
   * @param on whether it is to pass
   * @param reply whether that changed anything
   */
  record Subscribe(String symbol, boolean on, Reply<Boolean> reply) implements FilterOrder {}

  /**
   * What passes.
   *
   * @param reply told it
   */
  record Subscriptions(Reply<Subscribed> reply) implements FilterOrder {}

  /**
   * What passes the filter.
   *
   * @param all whether all symbols do, but for {@code symbols}
   * @param symbols else only these
   */
  record Subscribed(boolean all, Set<String> symbols) {
    /** Keeps a copy. */
    public Subscribed {
      symbols = Set.copyOf(symbols);
    }
  }
}
