package dev.sluice.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks to feed, in order of arrival.
 *
 * @param webhooks all arrivals, the repeated ones too
 */
public record Recording(List<Webhook> webhooks) {

  /** The recording that comes with the program; {@link RecordWebhooks} made it. */
  static final String RESOURCE = "/webhooks.ndjson";

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(Webhook.class);

  /**
   * A recording that cannot be fed; the message names the file, the line and what is wrong with it.
   */
  public static final class BadRecording extends Exception {
    private static final long serialVersionUID = 1;

    BadRecording(String message) {
      super(message);
    }
  }

  public Recording {
    webhooks = List.copyOf(webhooks);
  }

  /** Reads {@code file}, or the program's own recording when it is null. */
  static Recording load(@Nullable Path file) throws BadRecording {
    String name = file == null ? "webhooks.ndjson" : file.toString();
    try (BufferedReader lines = file == null ? resource() : Files.newBufferedReader(file)) {
      return read(name, lines.lines().toList());
    } catch (IOException | UncheckedIOException e) {
      throw new BadRecording(name + " cannot be read: " + e.getMessage());
    }
  }

  static Recording read(String name, List<String> lines) throws BadRecording {
    List<Webhook> webhooks = new ArrayList<>(lines.size());
    long at = 0;
    for (String line : lines) {
      String where = name + ", line " + (webhooks.size() + 1);
      Webhook webhook = parse(where, line);
      if (webhook.at() < at) {
        throw new BadRecording(
            where
                + ": \"at\" is "
                + webhook.at()
                + ", but the line before has "
                + at
                + "; it must not go back");
      }
      at = webhook.at();
      webhooks.add(webhook);
    }
    if (webhooks.isEmpty()) {
      throw new BadRecording(name + " has no webhook in it");
    }
    return new Recording(webhooks);
  }

  int size() {
    return webhooks.size();
  }

  /** How many events there are when each is counted once. */
  int unique() {
    return (int) webhooks.stream().map(Webhook::id).distinct().count();
  }

  int duplicates() {
    return size() - unique();
  }

  /** Each sender, by name. */
  List<String> senders() {
    return webhooks.stream().map(Webhook::sender).distinct().sorted().toList();
  }

  private static Webhook parse(String where, String line) throws BadRecording {
    @Nullable Webhook webhook;
    try {
      webhook = JSON.readValue(line);
    } catch (JsonProcessingException e) {
      throw new BadRecording(where + ": " + e.getOriginalMessage());
    }
    if (webhook == null) {
      throw new BadRecording(where + ": null is no webhook");
    }
    requireText(where, "id", webhook.id());
    requireText(where, "sender", webhook.sender());
    requireText(where, "type", webhook.type());
    requireText(where, "created", webhook.created());
    requireText(where, "path", webhook.path());
    if (!webhook.path().startsWith("/")) {
      throw new BadRecording(
          where + ": \"path\" is '" + webhook.path() + "', but must start with '/'");
    }
    return webhook;
  }

  private static void requireText(String where, String name, @Nullable String value)
      throws BadRecording {
    if (value == null || value.isBlank()) {
      throw new BadRecording(where + ": \"" + name + "\" is missing or empty");
    }
  }

  private static BufferedReader resource() {
    var stream = Objects.requireNonNull(Recording.class.getResourceAsStream(RESOURCE), RESOURCE);
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }
}
