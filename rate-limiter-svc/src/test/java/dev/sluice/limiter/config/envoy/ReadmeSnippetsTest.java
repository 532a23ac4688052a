package dev.sluice.limiter.config.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What this service's README shows of Envoy can be pasted. */
class ReadmeSnippetsTest {

  @Test
  void theRulesAreRead() throws Exception {
    assertEquals(
        List.of("rl.path_/login", "rl.remote_address"),
        EnvoyFixture.rules(false, snippet("domain: rl")).rules().stream()
            .map(rule -> rule.name())
            .toList());
  }

  /** Every field of it is one that Envoy has: it is parsed into Envoy's own messages. */
  @Test
  void theConfigurationIsOneOfEnvoys() throws Exception {
    Object yaml = new Yaml().load(snippet("static_resources:"));
    var envoy = Bootstrap.newBuilder();
    JsonFormat.parser()
        .usingTypeRegistry(
            TypeRegistry.newBuilder()
                .add(HttpConnectionManager.getDescriptor())
                .add(RateLimit.getDescriptor())
                .add(Router.getDescriptor())
                .add(HttpProtocolOptions.getDescriptor())
                .build())
        .merge(new ObjectMapper().writeValueAsString(yaml), envoy);

    var manager =
        envoy
            .getStaticResources()
            .getListeners(0)
            .getFilterChains(0)
            .getFilters(0)
            .getTypedConfig()
            .unpack(HttpConnectionManager.class);
    assertEquals(
        "rl", manager.getHttpFilters(0).getTypedConfig().unpack(RateLimit.class).getDomain());
    assertEquals(2, envoy.getStaticResources().getClustersCount());
  }

  /** The block of YAML that begins so. */
  private static String snippet(String beginning) throws Exception {
    String begin = "```yaml\n" + beginning;
    String readme = Files.readString(Path.of("README.md"));
    int from = readme.indexOf(begin) + "```yaml\n".length();
    return readme.substring(from, readme.indexOf("```", from));
  }
}
