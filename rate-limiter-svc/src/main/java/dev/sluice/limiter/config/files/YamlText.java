package dev.sluice.limiter.config.files;

import dev.sluice.limiter.process.reload.ConfigException;
import java.io.StringReader;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** A YAML document as its tree of nodes, each of which knows its line. */
public final class YamlText {
  private static final int MAX_CHARACTERS = 64 << 20;

  /** What aliases can make of a small file. */
  public static final int MAX_NODES = 1_000_000;

  private YamlText() {}

  /**
   * Reads the document.
   *
   * @param file its path, for messages
   * @param text what is in it
   * @return null when there is none: nothing but comments
   * @throws ConfigException it is no YAML
   */
  public static @Nullable Node compose(String file, String text) throws ConfigException {
    var options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setMaxAliasesForCollections(MAX_NODES);
    try {
      return new Yaml(options).compose(new StringReader(text));
    } catch (MarkedYAMLException wrong) {
      int line = wrong.getProblemMark() == null ? 0 : wrong.getProblemMark().getLine() + 1;
      throw new ConfigException(file, line, "is not valid YAML: " + wrong.getProblem());
    } catch (YAMLException wrong) {
      throw new ConfigException(file, 0, "is not valid YAML: " + wrong.getMessage());
    }
  }
}
