package dev.sluice.executable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SubjectTest {
  @ParameterizedTest
  @EnumSource
  void sendsTheSameUnderLoadAsAtFirst(Subject subject) throws Exception {
    String body = subject.firstBody();
    assertTrue(new ObjectMapper().readTree(body).isObject(), body);
    String script = subject.script();
    assertTrue(script.replace("' .. n .. '", "0").contains("'" + body + "'"), script);
  }

  @ParameterizedTest
  @EnumSource
  void keepsItsStateInTheGivenFolder(Subject subject) {
    Path folder = Path.of("/a/b");
    String settings = String.join(" ", subject.settings(folder));
    assertEquals(-1, settings.indexOf('@'));
    assertEquals(settings.contains("sqlite:"), settings.contains("sqlite:/a/b/"));
  }
}
