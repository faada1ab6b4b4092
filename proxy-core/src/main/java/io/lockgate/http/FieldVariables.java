package io.lockgate.http;

import io.lockgate.config.model.FieldTemplate;

/** What is known of one request, for the values of fields that a route sets. */
public interface FieldVariables {
  /** As text of any characters; empty where it is not known. Asked on the request's event loop. */
  String value(FieldTemplate.Variable variable);
}
