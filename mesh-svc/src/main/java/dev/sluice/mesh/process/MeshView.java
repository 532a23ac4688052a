package dev.sluice.mesh.process;

/** The whole mesh, as its two heads see it at about one time. */
public record MeshView(SupervisorView supervisor, RouterView router) {}
