package dev.sluice.pool.remote;

import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.TimeValue;

/**
 * The HTTP client, with everything left out that it does of its own accord: redirects, retries,
 * proxies, cookies, logins, decompression, other protocols.
 */
final class TargetClient {
  private static final TimeValue IDLE = TimeValue.ofSeconds(30);

  /**
   * A connection that was idle for so long is looked at before it is used. Always: it takes a
   * millisecond, but a call on one that the target has closed would be an attempt that fails.
   */
  private static final TimeValue TRUSTED = TimeValue.ZERO_MILLISECONDS;

  /** After so long a host is looked up again. */
  private static final TimeValue OLDEST = TimeValue.ofMinutes(5);

  private static final int LONGEST_LINE = 16_384;
  private static final int MOST_HEADERS = 100;

  private TargetClient() {}

  /**
   * Builds one.
   *
   * @param connections how many there are at most, in total and to one host; as many as calls are
   *     made at once, so that none has to wait for one
   */
  static CloseableHttpClient of(DnsResolver lookup, SSLContext tls, int connections) {
    return HttpClientBuilder.create()
        .setConnectionManager(connections(lookup, tls, connections))
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setRedirectsEnabled(false)
                .setAuthenticationEnabled(false)
                .setContentCompressionEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .setExpectContinueEnabled(false)
                .setConnectionKeepAlive(IDLE)
                .build())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableConnectionState()
        .disableDefaultUserAgent()
        .evictExpiredConnections()
        .evictIdleConnections(IDLE)
        .build();
  }

  private static PoolingHttpClientConnectionManager connections(
      DnsResolver lookup, SSLContext tls, int connections) {
    Http1Config answers =
        Http1Config.custom().setMaxLineLength(LONGEST_LINE).setMaxHeaderCount(MOST_HEADERS).build();
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setDnsResolver(lookup)
        .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder().http1Config(answers).build())
        .setMaxConnTotal(connections)
        .setMaxConnPerRoute(connections)
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setValidateAfterInactivity(TRUSTED)
                .setTimeToLive(OLDEST)
                .build())
        .build();
  }
}
