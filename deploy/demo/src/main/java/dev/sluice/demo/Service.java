package dev.sluice.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/**
 * One of the four services, over HTTP: JSON goes in, JSON comes out, and anything else ends the run
 * with a sentence that names the service.
 *
 * <p>"Too much" (429) and "not now" (503) are answers, not failures: {@link #insist} waits as long
 * as they say and asks again.
 *
 * @param name what the service is called
 * @param option the demo's option that says where it is
 * @param base where it is
 */
record Service(String name, String option, URI base, HttpClient client) {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /**
   * What the service said.
   *
   * @param retryAfter when to ask again, if it refused
   * @param refusals how often it had refused before
   */
  record Answer(Service service, int status, JsonNode body, Duration retryAfter, int refusals) {

    boolean isRefusal() {
      return status == 429 || status == 503;
    }

    /**
     * The value that a JSON pointer leads to.
     *
     * @throws ServiceFailed there is none, or it is null
     */
    JsonNode at(String pointer) {
      JsonNode value = body.at(pointer);
      if (value.isMissingNode() || value.isNull()) {
        throw new ServiceFailed("%s answered without %s: %s".formatted(service, pointer, body));
      }
      return value;
    }

    Answer after(int earlierRefusals) {
      return new Answer(service, status, body, retryAfter, earlierRefusals);
    }

    private String detail() {
      return body.path("detail").asText(body.toString());
    }
  }

  static ObjectNode json() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Returns when the service is there and takes work.
   *
   * @throws ServiceFailed it is not; the message says what to do about it
   */
  void requireReady() throws InterruptedException {
    String remedy =
        "; start the suite with './sluice up', or say where it is with " + option + " URL";
    Answer answer;
    try {
      answer = exchange(request("/q/health/ready").GET().build());
    } catch (ServiceFailed e) {
      throw new ServiceFailed(e.getMessage() + remedy);
    }
    if (answer.status() != 200) {
      throw new ServiceFailed(
          "%s is not ready (it says %d %s)".formatted(this, answer.status(), answer.body())
              + remedy);
    }
  }

  /**
   * Posts until the service takes it, waiting between two attempts as long as {@code Retry-After}
   * says.
   *
   * @param taken the status that means so
   * @throws ServiceFailed the patience is over, or the service answered neither {@code taken} nor a
   *     refusal
   */
  Answer insist(String path, ObjectNode body, int taken, Patience patience)
      throws InterruptedException {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    for (int refusals = 0; ; refusals++) {
      Answer answer = exchange(request);
      if (answer.status() == taken) {
        return answer.after(refusals);
      }
      if (!answer.isRefusal()) {
        throw unexpected("POST " + path, answer);
      }
      if (!patience.pause(answer.retryAfter())) {
        throw new ServiceFailed(
            "%s has refused POST %s %d times within %d s, the last time with: %s"
                .formatted(
                    this, path, refusals + 1, patience.limit().toSeconds(), answer.detail()));
      }
    }
  }

  /** Gets whatever the service has there; the caller judges the status. */
  Answer get(String path) throws InterruptedException {
    return exchange(request(path).GET().build());
  }

  /** The failure that an answer is which nobody has foreseen. */
  ServiceFailed unexpected(String call, Answer answer) {
    return new ServiceFailed(
        "%s answered %d to %s: %s".formatted(this, answer.status(), call, answer.detail()));
  }

  @Override
  public String toString() {
    return name + " at " + base;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(TIMEOUT)
        .header("Accept", "application/json, application/problem+json");
  }

  private Answer exchange(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return new Answer(
          this, response.statusCode(), JSON.readTree(response.body()), retryAfter(response), 0);
    } catch (JsonProcessingException e) {
      throw new ServiceFailed(
          "%s answered %s %s with what is not JSON: %s"
              .formatted(this, request.method(), request.uri().getPath(), e.getOriginalMessage()));
    } catch (ConnectException e) {
      throw new ServiceFailed(this + " cannot be reached");
    } catch (HttpTimeoutException e) {
      throw new ServiceFailed(this + " gave no answer within " + TIMEOUT.toSeconds() + " s");
    } catch (IOException e) {
      throw new ServiceFailed(this + " broke off: " + e);
    }
  }

  private Duration retryAfter(HttpResponse<?> response) {
    String seconds = response.headers().firstValue("Retry-After").orElse("1");
    if (!seconds.matches("\\d{1,6}")) {
      throw new ServiceFailed(
          this + " sent Retry-After: " + seconds + ", which is not a number of seconds");
    }
    return Duration.ofSeconds(Long.parseLong(seconds));
  }
}
