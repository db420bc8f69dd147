package dev.hearth.testing.postgres;

/** Where a database is, and who may enter. */
public record DatabaseAddress(String url, String user, String password) {}
