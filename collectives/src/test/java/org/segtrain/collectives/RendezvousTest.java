package org.segtrain.collectives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.errors.UsageException;

final class RendezvousTest {

  private static Map<String, String> environment(String text) {
    Map<String, String> variables = new HashMap<>();
    for (String one : text.split(" ", -1)) {
      if (!one.isEmpty()) {
        int sign = one.indexOf('=');
        variables.put(one.substring(0, sign), one.substring(sign + 1));
      }
    }
    return variables;
  }

  @ParameterizedTest
  @CsvSource({
    "RANK=3 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2 WORLD_SIZE=4, 2",
    "SLURM_PROCID=3 SLURM_LOCALID=1 SLURM_NTASKS_PER_NODE=2 SLURM_STEP_NUM_TASKS=4, 2",
    "OMPI_COMM_WORLD_RANK=3 OMPI_COMM_WORLD_LOCAL_RANK=1 OMPI_COMM_WORLD_LOCAL_SIZE=2 OMPI_COMM_WORLD_SIZE=4, 2",
    "JOB_COMPLETION_INDEX=3 LOCAL_RANK=1 WORLD_SIZE=4, 1"
  })
  void launchersSayTheSameInTheirOwnWords(String variables, int localSize) {
    Rendezvous expected = new Rendezvous(3, 1, localSize, 4, "host-a", 1234, false, 0);
    assertEquals(
        Optional.of(expected),
        Rendezvous.of(environment(variables + " MASTER_ADDR=host-a MASTER_PORT=1234")));
  }

  @Test
  void torchrunServesTheStoreAndCountsItsRestarts() {
    Rendezvous where =
        Rendezvous.of(
                environment(
                    "RANK=0 WORLD_SIZE=2 MASTER_ADDR=localhost TORCHELASTIC_USE_AGENT_STORE=True"
                        + " TORCHELASTIC_RESTART_COUNT=2"))
            .orElseThrow();
    assertEquals(new Rendezvous(0, 0, 1, 2, "localhost", 29500, true, 2), where);
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "RANK=0 WORLD_SIZE=1",
    "WORLD_SIZE=1",
    "JOB_COMPLETION_INDEX=2",
    "SLURM_PROCID=0 SLURM_NTASKS=4" // a shell that sbatch started, without srun
  })
  void oneProcessIsNoGroup(String variables) {
    assertEquals(Optional.empty(), Rendezvous.of(environment(variables)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RANK=0 WORLD_SIZE=2 | the world size (WORLD_SIZE) is 2, but MASTER_ADDR is not set; set it to the name or address of the machine of rank 0",
        "WORLD_SIZE=2 | the world size (WORLD_SIZE) is 2, but RANK is not set; set it, or remove WORLD_SIZE for a single process",
        "RANK=0 | the rank (RANK) is 0, but WORLD_SIZE is not set; set it, or remove RANK for a single process",
        "RANK=1 WORLD_SIZE=1 | the ranks of 1 process are from 0 to 0, but the rank is 1",
        "RANK= WORLD_SIZE=2 | the environment variable RANK must be a whole number, but is \"\"",
        "RANK=2 WORLD_SIZE=2 MASTER_ADDR=a | the ranks of 2 processes are from 0 to 1, but the rank is 2",
        "RANK=one WORLD_SIZE=2 MASTER_ADDR=a | the environment variable RANK must be a whole number, but is \"one\"",
        "RANK=0 WORLD_SIZE= MASTER_ADDR=a | the environment variable WORLD_SIZE must be a whole number, but is \"\"",
        "RANK=0 WORLD_SIZE=0 MASTER_ADDR=a | a group has from 1 to 65536 processes, but the world size is 0",
        "RANK=0 WORLD_SIZE=2 MASTER_ADDR= | the address of rank 0 is empty; set MASTER_ADDR",
        "RANK=0 WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=0 | the port of rank 0 is from 1 to 65535, but is 0; set MASTER_PORT",
        "RANK=0 LOCAL_RANK=1 WORLD_SIZE=2 MASTER_ADDR=a | the local rank is from 0 to the rank, 0, but is 1"
      })
  void wrongVariablesAreNamed(String variables, String sentence) {
    Map<String, String> environment = environment(variables);
    assertEquals(
        sentence,
        assertThrows(UsageException.class, () -> Rendezvous.of(environment)).getMessage());
  }
}
