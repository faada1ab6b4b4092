/** OCSP stapling: when responses are fetched, how long they are used, what is known of them. */
package io.lockgate.staple;
