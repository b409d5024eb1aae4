package org.segtrain.torchscript;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Expr;

/** The TorchScript of every method of DJL that translates argument by argument. */
final class Methods {

  /**
   * A method a line; $0 is the array, or the device if the method is one of a manager, $1 the first
   * argument.
   */
  private static final String TABLE =
      """
      add(NDArray)             torch.add($0, $1)
      add(Number)              torch.add($0, $1)
      sub(NDArray)             torch.sub($0, $1)
      sub(Number)              torch.sub($0, $1)
      mul(NDArray)             torch.mul($0, $1)
      mul(Number)              torch.mul($0, $1)
      div(NDArray)             torch.div($0, $1)
      div(Number)              torch.div($0, $1)
      mod(NDArray)             torch.remainder($0, $1)
      mod(Number)              torch.remainder($0, $1)
      pow(NDArray)             torch.pow($0, $1)
      pow(Number)              torch.pow($0, $1)
      addi(NDArray)            torch.add_($0, $1)
      addi(Number)             torch.add_($0, $1)
      subi(NDArray)            torch.sub_($0, $1)
      subi(Number)             torch.sub_($0, $1)
      muli(NDArray)            torch.mul_($0, $1)
      muli(Number)             torch.mul_($0, $1)
      divi(NDArray)            torch.div_($0, $1)
      divi(Number)             torch.div_($0, $1)
      maximum(NDArray)         torch.maximum($0, $1)
      maximum(Number)          torch.clamp($0, $1)
      minimum(NDArray)         torch.minimum($0, $1)
      minimum(Number)          torch.clamp($0, None, $1)
      clip(Number,Number)      torch.clamp($0, $1, $2)
      eq(NDArray)              torch.eq($0, $1)
      eq(Number)               torch.eq($0, $1)
      neq(NDArray)             torch.ne($0, $1)
      neq(Number)              torch.ne($0, $1)
      gt(NDArray)              torch.gt($0, $1)
      gt(Number)               torch.gt($0, $1)
      gte(NDArray)             torch.ge($0, $1)
      gte(Number)              torch.ge($0, $1)
      lt(NDArray)              torch.lt($0, $1)
      lt(Number)               torch.lt($0, $1)
      lte(NDArray)             torch.le($0, $1)
      lte(Number)              torch.le($0, $1)
      logicalAnd(NDArray)      torch.logical_and($0, $1)
      logicalOr(NDArray)       torch.logical_or($0, $1)
      logicalNot()             torch.logical_not($0)
      where(NDArray,NDArray)   torch.where($1, $0, $2)
      neg()                    torch.neg($0)
      abs()                    torch.abs($0)
      sign()                   torch.sign($0)
      square()                 torch.square($0)
      sqrt()                   torch.sqrt($0)
      exp()                    torch.exp($0)
      log()                    torch.log($0)
      log2()                   torch.log2($0)
      sin()                    torch.sin($0)
      cos()                    torch.cos($0)
      floor()                  torch.floor($0)
      ceil()                   torch.ceil($0)
      round()                  torch.round($0)
      erf()                    torch.erf($0)
      tanh()                   torch.tanh($0)
      sigmoid()                torch.sigmoid($0)
      relu()                   torch.relu($0)
      gelu()                   torch.gelu($0)
      elu(float)               torch.elu($0, $1)
      selu()                   torch.selu($0)
      leakyRelu(float)         torch.leaky_relu($0, $1)
      softPlus()               torch.softplus($0)
      softmax(int)             torch.softmax($0, $1)
      logSoftmax(int)          torch.log_softmax($0, $1)
      matMul(NDArray)          torch.matmul($0, $1)
      batchMatMul(NDArray)     torch.bmm($0, $1)
      sum()                    torch.sum($0)
      sum(int[],boolean)       torch.sum($0, $1, $2)
      mean()                   torch.mean($0)
      mean(int[],boolean)      torch.mean($0, $1, $2)
      max()                    torch.max($0)
      max(int[],boolean)       torch.amax($0, $1, $2)
      min()                    torch.min($0)
      min(int[],boolean)       torch.amin($0, $1, $2)
      norm(int,int[],boolean)  torch.norm($0, $1, $2, $3)
      normalize(double,long,double)   torch.div($0, torch.expand_as(torch.clamp_min(torch.norm($0, $1, [$2], True), $3), $0))
      topK(int,int,boolean,boolean)   torch.topk($0, $1, $2, $3, $4)
      oneHot(int)              torch.to(torch.one_hot(torch.to($0, 4), $1), 6)
      oneHot(int,DataType)     torch.to(torch.one_hot(torch.to($0, 4), $1), $2)
      argMax(int)              torch.argmax($0, $1)
      argMin(int)              torch.argmin($0, $1)
      cumSum(int)              torch.cumsum($0, $1)
      reshape(Shape)           torch.reshape($0, $1)
      flatten(int,int)         torch.flatten($0, $1, $2)
      flatten()                torch.flatten($0)
      expandDims(int)          torch.unsqueeze($0, $1)
      squeeze(int)             torch.squeeze($0, $1)
      transpose(int[])         torch.permute($0, $1)
      swapAxes(int,int)        torch.transpose($0, $1, $2)
      broadcast(Shape)         torch.expand($0, $1)
      tile(long[])             torch.repeat($0, $1)
      repeat(int,long)         torch.repeat_interleave($0, $2, $1)
      flip(int[])              torch.flip($0, $1)
      pad(Shape,double)        torch.constant_pad_nd($0, $1, $2)
      split(long[],int)        torch.tensor_split($0, $1, $2)
      duplicate()              torch.clone($0)
      stopGradient()           torch.detach($0)
      zerosLike()              torch.zeros_like($0)
      onesLike()               torch.ones_like($0)
      toType(DataType,boolean) torch.to($0, $1, False, $2)
      gather(NDArray,int)      torch.gather($0, $2, $1)
      linear(NDArray,NDArray,NDArray) torch.linear($1, $2, $3)
      embedding(NDArray,NDArray,SparseFormat) torch.embedding($2, torch.to($1, 4))
      dropout(NDArray,float,boolean) torch.dropout($1, $2, self.training)
      layerNorm(NDArray,Shape,NDArray,NDArray,float) torch.layer_norm($1, $2, $3, $4, $5)
      convolution(NDArray,NDArray,NDArray,Shape,Shape,Shape,int) torch.conv2d($1, $2, $3, $4, $5, $6, $7)
      maxPool(Shape,Shape,Shape,boolean) torch.max_pool2d($0, $1, $2, $3, [1, 1], $4)
      avgPool(Shape,Shape,Shape,boolean,boolean) torch.avg_pool2d($0, $1, $2, $3, $4, $5)
      globalAvgPool()          torch.flatten(torch.adaptive_avg_pool2d($0, [1, 1]), 1)
      globalMaxPool()          torch.flatten(torch.amax($0, [2, 3], True), 1)
      zeros(Shape,DataType)    torch.zeros($1, dtype=$2, device=$0)
      ones(Shape,DataType)     torch.ones($1, dtype=$2, device=$0)
      full(Shape,float,DataType) torch.full($1, $2, dtype=$3, device=$0)
      arange(int,int,int,DataType) torch.arange($1, $2, $3, dtype=$4, device=$0)
      """;

  private static final Map<String, String> TEMPLATES =
      TABLE.lines().map(row -> row.split(" +", 2)).collect(toMap(row -> row[0], row -> row[1]));

  private Methods() {}

  /** All rows of the table. */
  static Set<String> signatures() {
    return TEMPLATES.keySet();
  }

  /** The template for {@code method}, or null. */
  static String template(Method method) {
    return TEMPLATES.get(signature(method));
  }

  /** {@code pad(Shape,double)}. */
  static String signature(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(joining(",", method.getName() + "(", ")"));
  }

  /** An operation of a row of the table. */
  static Expr.Call call(String template, Expr receiver, Object[] arguments) {
    Stream<Expr> all =
        Stream.concat(Stream.of(receiver), Arrays.stream(arguments).map(Arguments::expr));
    return new Expr.Call(template, all.toList());
  }
}
