package dev.sluice.pool.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.pool.store.JobStore.News;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GazetteTest {
  private static final String FROM = UUID.randomUUID().toString();

  @Test
  void whatIsWrittenIsRead() {
    var news = new News(Set.of("a", "b\u00e4\""), Set.of("c"), ids(3), true, false);
    List<String> texts = new Gazette(FROM, news).texts();
    assertEquals(1, texts.size());
    assertRead(news, texts.getFirst());
  }

  @Test
  void nothingIsNotWritten() {
    assertEquals(
        List.of(), new Gazette(FROM, new News(Set.of(), Set.of(), Set.of(), false, false)).texts());
  }

  @Test
  void manyIdsGoIntoSeveralTextsThatFit() {
    Set<UUID> ids = ids(900);
    List<String> texts =
        new Gazette(FROM, new News(Set.of("q"), Set.of(), ids, false, false)).texts();
    var read = new HashSet<UUID>();
    for (String text : texts) {
      assertTrue(text.getBytes(StandardCharsets.UTF_8).length < 8_000);
      Gazette gazette = Gazette.parse(text);
      read.addAll(gazette.news().finished());
      assertEquals(text.equals(texts.getFirst()), gazette.news().ready().contains("q"));
    }
    assertEquals(ids, read);
  }

  @Test
  void whatIsTooMuchIsEverything() {
    News tooManyIds = new News(Set.of(), Set.of(), ids(1_001), false, false);
    Set<String> names =
        IntStream.range(0, 200).mapToObj(i -> "queue-" + i).collect(Collectors.toSet());
    News tooManyQueues = new News(names, Set.of(), Set.of(), false, false);
    for (News news : List.of(tooManyIds, tooManyQueues)) {
      List<String> texts = new Gazette(FROM, news).texts();
      assertEquals(1, texts.size());
      assertRead(Gazette.everything(), texts.getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "hello", "{\"finished\":[\"!\"]}", "{\"finished\":[\"AAAA\"]}"})
  void whatIsNoneIsNotRead(String text) {
    assertNull(Gazette.parse(text));
  }

  private static void assertRead(News news, String text) {
    Gazette read = Gazette.parse(text);
    assertEquals(FROM, read.from());
    assertEquals(news, read.news());
  }

  private static Set<UUID> ids(int count) {
    return IntStream.range(0, count).mapToObj(i -> new UUID(i, -i)).collect(Collectors.toSet());
  }
}
