package dev.sluice.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.service.sample.SampleRequest.Limit;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class InputsTest {
  @Inject Inputs inputs;

  @Test
  void aValidRequestIsHandedBack() {
    var limit = new Limit(1, Duration.ofSeconds(1));
    assertSame(limit, inputs.valid(limit));
  }

  @Test
  void anInvalidRequestIsAProblem() {
    var limit = new Limit(-1, Duration.ofSeconds(1));
    var problem = assertThrows(ProblemException.class, () -> inputs.valid(limit));
    assertEquals(ProblemType.INVALID_INPUT, problem.type());
    assertEquals("rate: -1 is not allowed, must be greater than or equal to 1", problem.detail());
  }

  @Test
  void whatTheOperationRefusesIsNamedWithTheRest() {
    var limit = new Limit(-1, Duration.ofSeconds(1));
    var broken =
        List.of(
            FieldError.of("rate", -1L, "is named already"),
            FieldError.of("per", Duration.ofSeconds(1), "must be less"));
    var problem = assertThrows(ProblemException.class, () -> inputs.valid(limit, _ -> broken));
    assertEquals(
        "rate: -1 is not allowed, must be greater than or equal to 1;"
            + " per: 1s is not allowed, must be less",
        problem.detail());
    var good = new Limit(1, Duration.ofSeconds(1));
    assertSame(good, inputs.valid(good, _ -> List.of()));
    assertThrows(ProblemException.class, () -> inputs.valid(good, _ -> broken));
  }

  @Test
  void aKeyOutsideOfARecordIsChecked() {
    assertEquals("r-1", inputs.key("id", "r-1"));
    var problem = assertThrows(ProblemException.class, () -> inputs.key("id", "\t"));
    assertEquals(ProblemType.INVALID_INPUT, problem.type());
  }

  @Test
  void aBatchHasOneToAThousandItems() {
    assertEquals(List.of("a"), inputs.batch("items", List.of("a")));
    assertEquals(1000, inputs.batch("items", Collections.nCopies(1000, "a")).size());
    assertEquals("items: has 0 items, 1 to 1000 are allowed", refused(List.of()));
    assertEquals(
        "items: has 1001 items, 1 to 1000 are allowed", refused(Collections.nCopies(1001, "a")));
  }

  private String refused(List<String> batch) {
    return assertThrows(ProblemException.class, () -> inputs.batch("items", batch)).detail();
  }
}
