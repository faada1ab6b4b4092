/** What somebody should be told of: service levels that burn, and states that need a hand. */
package io.lockgate.alert;
