package dev.sluice.limiter.api.permits;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that takes a lease and renews it as often as it can, until it is killed. It says what
 * the lease is called, and then, each time, when it would run out.
 */
final class Holder {
  private static final Pattern LEASE = Pattern.compile("\"lease\":\"([^\"]+)\"");
  private static final Pattern END = Pattern.compile("\"expiresAt\":\"([^\"]+)\"");

  private final HttpClient client = HttpClient.newHttpClient();

  public static void main(String[] arguments) throws Exception {
    new Holder().hold(arguments[0], arguments[1]);
  }

  private void hold(String permits, String key) throws Exception {
    String body = "{\"key\":\"" + key + "\",\"limit\":1,\"ttl\":\"2s\",\"holder\":\"the holder\"}";
    String granted =
        sent(HttpRequest.newBuilder(URI.create(permits)).POST(BodyPublishers.ofString(body)));
    String lease = found(LEASE, granted);
    System.out.println(lease);
    System.out.println(found(END, granted));
    URI own = URI.create(permits + "/" + lease);
    while (true) {
      String renewed = sent(HttpRequest.newBuilder(own).PUT(BodyPublishers.noBody()));
      System.out.println(found(END, renewed));
    }
  }

  private String sent(HttpRequest.Builder request) throws Exception {
    return client
        .send(request.header("Content-Type", "application/json").build(), BodyHandlers.ofString())
        .body();
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in " + text);
    }
    return matcher.group(1);
  }
}
