/** What people read: tables, configurations, errors, the console of a run. */
package org.segtrain.cli.texts;
