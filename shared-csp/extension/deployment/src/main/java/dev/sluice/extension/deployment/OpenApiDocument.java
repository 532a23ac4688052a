package dev.sluice.extension.deployment;

import dev.sluice.extension.Deferred;
import dev.sluice.extension.DeferredOpenApi;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.arc.deployment.AnnotationsTransformerBuildItem;
import io.quarkus.deployment.annotations.BuildStep;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTransformation;
import org.jboss.jandex.DotName;

/**
 * Binds {@link DeferredOpenApi} to what holds the OpenAPI document, which is Quarkus's, and so
 * cannot be annotated where it is.
 */
public final class OpenApiDocument {
  private static final DotName HOLDER =
      DotName.createSimple("io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService");

  @BuildStep
  AdditionalBeanBuildItem interceptor() {
    return new AdditionalBeanBuildItem(Deferred.class, DeferredOpenApi.class);
  }

  @BuildStep
  AnnotationsTransformerBuildItem defer() {
    return new AnnotationsTransformerBuildItem(
        AnnotationTransformation.forClasses()
            .whenClass(HOLDER)
            .transform(context ->
                context.add(
                    AnnotationInstance.builder(Deferred.class)
                        .buildWithTarget(context.declaration()))));
  }
}
