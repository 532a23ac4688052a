package dev.sluice.limiter.config.files;

import dev.sluice.limiter.process.reload.ConfigException;
import dev.sluice.limiter.process.reload.ConfigSource;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A YAML file, or those of a directory: its files {@code *.yaml} and {@code *.yml}, but those that
 * begin with a dot. A mounted ConfigMap is one, too. What has changed is told by the contents, not
 * by times.
 *
 * @param <C> what the files mean
 */
public final class ConfigFiles<C> implements ConfigSource<C> {

  /**
   * Reads what the files say.
   *
   * @param <C> what they mean
   */
  @FunctionalInterface
  public interface Parser<C> {
    /**
     * @param texts by path
     * @throws ConfigException where they are wrong, and why
     */
    C parse(SortedMap<Path, String> texts) throws ConfigException;
  }

  private final Path path;
  private final Parser<C> parser;

  /** What the files had in them, by path, or why they could not be read. */
  private Object last = Map.of();

  /**
   * @param path the file's or the directory's
   */
  public ConfigFiles(Path path, Parser<C> parser) {
    this.path = path;
    this.parser = parser;
  }

  @Override
  public @Nullable C readIfChanged() throws ConfigException {
    SortedMap<Path, String> texts;
    try {
      texts = texts();
    } catch (ConfigException unreadable) {
      if (!isNew(String.valueOf(unreadable.getMessage()))) {
        return null;
      }
      throw unreadable;
    }
    return isNew(texts) ? parser.parse(Collections.unmodifiableSortedMap(texts)) : null;
  }

  private boolean isNew(Object read) {
    boolean isNew = !read.equals(last);
    last = read;
    return isNew;
  }

  private SortedMap<Path, String> texts() throws ConfigException {
    SortedMap<Path, String> texts = new TreeMap<>();
    for (Path file : Files.isDirectory(path) ? files() : List.of(path)) {
      texts.put(file, text(file));
    }
    if (texts.isEmpty()) {
      throw new ConfigException(path.toString(), 0, "has no *.yaml or *.yml in it");
    }
    return texts;
  }

  private List<Path> files() throws ConfigException {
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> files = new ArrayList<>();
      entries.filter(ConfigFiles::isYaml).forEach(files::add);
      return files;
    } catch (IOException unreadable) {
      throw new ConfigException(path.toString(), 0, "cannot be read: " + unreadable);
    }
  }

  private static boolean isYaml(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml"))
        && Files.isRegularFile(file);
  }

  private static String text(Path file) throws ConfigException {
    if (!Files.exists(file)) {
      throw new ConfigException(file.toString(), 0, "there is no such file or directory");
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException noUtf8) {
      throw new ConfigException(file.toString(), 0, "is not UTF-8");
    } catch (IOException unreadable) {
      throw new ConfigException(file.toString(), 0, "cannot be read: " + unreadable);
    }
  }
}
