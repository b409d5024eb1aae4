package org.segtrain.torchscript.export;

import java.util.List;
import org.segtrain.torchscript.Expr;

/** What one forward pass at one size did. */
record Tape(List<Step> steps, List<Expr> outputs) {}
