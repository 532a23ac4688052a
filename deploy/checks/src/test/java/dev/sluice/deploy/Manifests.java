package dev.sluice.deploy;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads manifests into the API's objects, strictly: what the API does not know fails. */
final class Manifests {
  /**
   * All kinds that the suite is made of. One that is not here fails, roles and secrets among them.
   */
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "v1/Namespace", Namespace.class,
          "v1/ServiceAccount", ServiceAccount.class,
          "v1/ConfigMap", ConfigMap.class,
          "v1/Service", Service.class,
          "apps/v1/Deployment", Deployment.class,
          "apps/v1/StatefulSet", StatefulSet.class,
          "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
          "autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
          "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class);

  private static final ObjectMapper YAML =
      new ObjectMapper(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(new NothingBeside());

  /**
   * The model's classes keep what they do not know beside the rest; here that is to be an error.
   */
  private static final class NothingBeside extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }

  private Manifests() {}

  /** The documents of a text. */
  static List<JsonNode> documents(String yaml) {
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      return all.readAll();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The objects of a text, each of a kind that the suite is made of. */
  static List<HasMetadata> read(String yaml) {
    var objects = new ArrayList<HasMetadata>();
    documents(yaml).forEach(document -> objects.add(object(document)));
    return objects;
  }

  static boolean isObject(JsonNode document) {
    return KINDS.containsKey(kind(document));
  }

  static HasMetadata object(JsonNode document) {
    var type = KINDS.get(kind(document));
    if (type == null) {
      throw new AssertionError("the suite has no objects of the kind " + kind(document));
    }
    withoutDirectives(document);
    try {
      return YAML.treeToValue(document, type);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String kind(JsonNode document) {
    return document.path("apiVersion").asText() + "/" + document.path("kind").asText();
  }

  /** Patches have {@code $patch: delete} and the like. */
  private static void withoutDirectives(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("$patch");
    }
    node.forEach(Manifests::withoutDirectives);
  }
}
