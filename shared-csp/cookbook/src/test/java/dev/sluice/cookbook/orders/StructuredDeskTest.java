package dev.sluice.cookbook.orders;

import dev.sluice.cookbook.structured.StructuredDesk;
import dev.sluice.csp.Clock;
import dev.sluice.csp.testkit.NoLeaks;

@NoLeaks
class StructuredDeskTest extends OrderDeskContract {
  @Override
  OrderDesk open(Prices prices, Clock clock) {
    return StructuredDesk.open(prices, clock);
  }
}
