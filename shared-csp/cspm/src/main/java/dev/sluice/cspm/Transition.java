package dev.sluice.cspm;

/** A step that a process can do, and what it is afterwards. */
record Transition(Event event, Process to) {}
