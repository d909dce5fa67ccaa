package org.adaptseg.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Target;

/**
 * On what starts a JVM, a server or a cluster: a test that comes to it has the tag {@code slow},
 * and no other has (SlowTestsTest).
 */
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface Starts {}
