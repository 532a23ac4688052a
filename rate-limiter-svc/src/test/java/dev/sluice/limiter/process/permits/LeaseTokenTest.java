package dev.sluice.limiter.process.permits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.limiter.store.LeaseId;
import java.security.SecureRandom;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LeaseTokenTest {

  @Property(tries = 500)
  void isReadAsItWasWritten(
      @ForAll long high,
      @ForAll long low,
      @ForAll("names") String policy,
      @ForAll("names") String key) {
    var token = new LeaseToken(new LeaseId(high, low), policy.isEmpty() ? null : policy, key);

    assertTrue(token.text().matches("[A-Za-z0-9_-]+"), token.text());
    assertEquals(Optional.of(token), LeaseToken.parse(token.text()));
  }

  @Property(tries = 500)
  void otherTextIsNone(@ForAll String text) {
    LeaseToken.parse(text).ifPresent(token -> assertEquals(text, token.text()));
  }

  @Example
  void aTextThatIsNearlyOneIsNone() {
    String text = new LeaseToken(LeaseId.random(new SecureRandom()), null, "key").text();

    assertEquals(Optional.empty(), LeaseToken.parse(""));
    assertEquals(Optional.empty(), LeaseToken.parse(text.substring(0, 20)));
    assertEquals(Optional.empty(), LeaseToken.parse(text + "="));
    assertEquals(Optional.empty(), LeaseToken.parse(text + "%"));
    assertEquals(Optional.empty(), LeaseToken.parse("A".repeat(64).replace('A', '_')));
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().withChars('a', 'Z', ':', '{', '}', 'ä', '€', ' ').ofMaxLength(40);
  }
}
