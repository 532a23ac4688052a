package dev.sluice.cspm;

/** A definition with parameters and the names around it. Each is equal to itself only. */
final class Function implements Value {
  private final Definition definition;
  private final Env env;

  Function(Definition definition, Env env) {
    this.definition = definition;
    this.env = env;
  }

  Definition definition() {
    return definition;
  }

  Env env() {
    return env;
  }

  @Override
  public String toString() {
    return definition.name();
  }
}
