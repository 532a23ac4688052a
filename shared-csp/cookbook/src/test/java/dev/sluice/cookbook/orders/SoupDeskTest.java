package dev.sluice.cookbook.orders;

import dev.sluice.cookbook.soup.SoupDesk;
import dev.sluice.csp.Clock;
import dev.sluice.csp.Processes;
import dev.sluice.csp.Scope;
import org.junit.jupiter.api.AfterEach;

/** Without {@code @NoLeaks}, which it would fail: see {@link DeskLeaksTest}. */
class SoupDeskTest extends OrderDeskContract {
  @Override
  OrderDesk open(Prices prices, Clock clock) {
    return SoupDesk.open(prices, clock);
  }

  @AfterEach
  void sweep() {
    Processes.scopes().forEach(Scope::close);
  }
}
