package dev.sluice.limiter.process.envoy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole configuration: the rules of every domain. Never changes once it is built. */
public final class Rules {
  private final Map<String, Level> domains;

  private Rules(Map<String, Level> domains) {
    this.domains = Map.copyOf(domains);
  }

  /**
   * The rule for a descriptor: the one as deep as the descriptor has pairs, reached by the most
   * special match at each level.
   *
   * @return null when none applies
   */
  public @Nullable Match match(String domain, Descriptor descriptor) {
    Level level = domains.get(domain);
    if (level == null) {
      return null;
    }
    if (descriptor.override() != null) {
      return MatchedPath.overridden(domain, descriptor.entries(), descriptor.override());
    }
    var path = new MatchedPath(domain);
    Rule rule = null;
    for (Descriptor.Entry entry : descriptor.entries()) {
      Level.Found found = level.find(entry);
      if (found == null) {
        return null;
      }
      path.add(entry, found);
      rule = found.node().rule();
      level = found.node().children();
    }
    return rule == null ? null : path.match(rule);
  }

  /** The names of the domains, in order. */
  public List<String> domains() {
    return domains.keySet().stream().sorted().toList();
  }

  /** All rules, by name. */
  public List<Rule> rules() {
    var rules = new ArrayList<Rule>();
    domains.values().forEach(level -> level.collectRules(rules));
    rules.sort(Comparator.comparing(Rule::name));
    return rules;
  }

  /** Takes what the files say, one descriptor after the other. */
  public static final class Builder {
    private final boolean mergeDomains;
    private final Map<String, Level> domains = new HashMap<>();

    /**
     * @param mergeDomains whether several files may have rules for one domain
     */
    public Builder(boolean mergeDomains) {
      this.mergeDomains = mergeDomains;
    }

    /**
     * Begins a file's domain.
     *
     * @return where its descriptors are added
     * @throws IllegalArgumentException the name is empty, or another file has taken it
     */
    public Section domain(String name) {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("config file cannot have empty domain");
      }
      if (!mergeDomains && domains.containsKey(name)) {
        throw new IllegalArgumentException("duplicate domain '" + name + "' in config file");
      }
      return new Section(name, domains.computeIfAbsent(name, _ -> new Level()));
    }

    /** The configuration. */
    public Rules build() {
      return new Rules(domains);
    }
  }

  /** A list of descriptors while it is read. */
  public static final class Section {
    private final String path;
    private final Level level;

    private Section(String path, Level level) {
      this.path = path;
      this.level = level;
    }

    /**
     * Adds one to the list.
     *
     * @return where those within it are added
     * @throws IllegalArgumentException the list has one with this key and value already
     */
    public Section add(DescriptorConfig config) {
      return new Section(path + "." + config.compositeKey(), level.add(path, config));
    }
  }
}
