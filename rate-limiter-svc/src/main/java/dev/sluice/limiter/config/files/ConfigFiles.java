package dev.sluice.limiter.config.envoy;

import dev.sluice.limiter.process.envoy.Rules;
import dev.sluice.limiter.process.envoy.RulesException;
import dev.sluice.limiter.process.envoy.RulesSource;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a directory: of its files {@code *.yaml} and {@code *.yml}, those that begin with a
 * dot left out. A mounted ConfigMap is one, too. What has changed is told by the contents, not by
 * times.
 */
final class RulesDirectory implements RulesSource {
  private final Path directory;
  private final boolean mergeDomains;

  /** What the files had in them, by path, or why they could not be read. */
  private Object last = Map.of();

  RulesDirectory(Path directory, boolean mergeDomains) {
    this.directory = directory;
    this.mergeDomains = mergeDomains;
  }

  @Override
  public @Nullable Rules readIfChanged() throws RulesException {
    SortedMap<Path, String> texts;
    try {
      texts = texts();
    } catch (RulesException unreadable) {
      if (!isNew(String.valueOf(unreadable.getMessage()))) {
        return null;
      }
      throw unreadable;
    }
    return isNew(texts) ? rules(texts) : null;
  }

  private boolean isNew(Object read) {
    boolean isNew = !read.equals(last);
    last = read;
    return isNew;
  }

  private Rules rules(SortedMap<Path, String> texts) throws RulesException {
    var rules = new Rules.Builder(mergeDomains);
    for (Map.Entry<Path, String> each : texts.entrySet()) {
      RulesYaml.read(each.getKey().toString(), each.getValue(), rules);
    }
    return rules.build();
  }

  private SortedMap<Path, String> texts() throws RulesException {
    SortedMap<Path, String> texts = new TreeMap<>();
    for (Path file : files()) {
      texts.put(file, text(file));
    }
    if (texts.isEmpty()) {
      throw new RulesException(directory.toString(), 0, "has no *.yaml or *.yml in it");
    }
    return texts;
  }

  private List<Path> files() throws RulesException {
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> files = new ArrayList<>();
      entries.filter(RulesDirectory::isRules).forEach(files::add);
      return files;
    } catch (NoSuchFileException missing) {
      throw new RulesException(directory.toString(), 0, "there is no such directory");
    } catch (NotDirectoryException file) {
      throw new RulesException(directory.toString(), 0, "is not a directory");
    } catch (IOException unreadable) {
      throw new RulesException(directory.toString(), 0, "cannot be read: " + unreadable);
    }
  }

  private static boolean isRules(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml"))
        && Files.isRegularFile(file);
  }

  private static String text(Path file) throws RulesException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException noUtf8) {
      throw new RulesException(file.toString(), 0, "is not UTF-8");
    } catch (IOException unreadable) {
      throw new RulesException(file.toString(), 0, "cannot be read: " + unreadable);
    }
  }
}
