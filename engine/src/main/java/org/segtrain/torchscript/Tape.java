package org.segtrain.torchscript;

import java.util.List;
import org.segtrain.engine.internal.Expr;

/** What one forward pass at one size did. */
record Tape(List<Step> steps, List<Expr> outputs) {}
