package dev.sluice.dedup.api.claims;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that claims a key and renews its lease as often as it can, until it is killed. It says
 * the claim's id and token, and then, each time, when the lease would run out.
 */
final class Claimer {
  private final HttpClient client = HttpClient.newHttpClient();

  public static void main(String[] arguments) throws Exception {
    new Claimer().claim(arguments[0], arguments[1]);
  }

  private void claim(String claims, String key) throws Exception {
    String claimed = post(claims, "{\"key\":\"" + key + "\",\"lease\":\"10s\"}");
    String id = found("id", claimed);
    String token = found("token", claimed);
    System.out.println(id);
    System.out.println(token);
    System.out.println(found("leaseExpiresAt", claimed));
    String renewal = "{\"token\":\"" + token + "\",\"lease\":\"10s\"}";
    while (true) {
      String renewed = post(claims + "/" + id + "/renew", renewal);
      System.out.println(found("leaseExpiresAt", renewed));
    }
  }

  private String post(String url, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private static String found(String field, String text) {
    Matcher matcher = Pattern.compile("\"" + field + "\":\"([^\"]+)\"").matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + field + " in " + text);
    }
    return matcher.group(1);
  }
}
