package dev.sluice.deploy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Dockerfile as its stages, and a stage as its instructions. */
record Dockerfile(Map<String, String> arguments, List<Stage> stages) {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

  record Instruction(String name, String rest) {}

  record Stage(String image, String name, List<Instruction> instructions) {
    List<String> all(String name) {
      return instructions.stream()
          .filter(each -> each.name().equals(name))
          .map(Instruction::rest)
          .toList();
    }
  }

  static Dockerfile read(Path file) {
    var arguments = new LinkedHashMap<String, String>();
    var stages = new ArrayList<Stage>();
    String text = Checkout.text(file).replaceAll("(?m)^#.*\\R", "").replaceAll("\\\\\\R\\s*", " ");
    for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
      String[] parts = line.strip().split("\\s+", 2);
      if (parts[0].equals("FROM")) {
        String[] from = parts[1].split("\\s+AS\\s+", 2);
        String name = from.length == 2 ? from[1] : "";
        stages.add(new Stage(expand(from[0], arguments), name, new ArrayList<>()));
      } else if (stages.isEmpty()) {
        String[] argument = parts[1].split("=", 2);
        arguments.put(argument[0], argument[1]);
      } else {
        stages.getLast().instructions().add(new Instruction(parts[0], parts[1]));
      }
    }
    return new Dockerfile(arguments, stages);
  }

  private static String expand(String text, Map<String, String> arguments) {
    return VARIABLE
        .matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(arguments.getOrDefault(found.group(1), found.group())));
  }

  Stage image() {
    return stages.getLast();
  }
}
