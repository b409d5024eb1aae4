/** The commands, a class each, and what only one of them needs. */
package org.segtrain.cli.commands;
