package io.lockgate.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. The one place that knows {@code sun.misc.Signal}: by reflection,
 * since javac warns of the class however it is named, and warnings fail the build. Reactions run on
 * a thread of their own made by the virtual machine. QUIT is left alone: it prints the threads.
 */
final class ProcessSignals {
  private ProcessSignals() {}

  /**
   * Calls {@code reaction} at each arrival of the signal.
   *
   * @param name without SIG, such as {@code HUP}
   * @throws IllegalStateException if this platform has no such signal, or the machine keeps it
   */
  static void on(String name, Runnable reaction) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler calls =
          (proxy, method, arguments) -> answer(proxy, method, arguments, reaction);
      Object adapter =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, calls);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), adapter);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot react to SIG" + name, e);
    }
  }

  private static Object answer(Object proxy, Method method, Object[] arguments, Runnable reaction) {
    return switch (method.getName()) {
      case "handle" -> {
        reaction.run();
        yield null;
      }
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "reaction to a signal";
    };
  }
}
