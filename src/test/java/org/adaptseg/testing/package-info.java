/** What tests of several rooms share. */
package org.adaptseg.testing;
