/* Nothing to call: the package manager names the entry of each executable after its target, and these
   entries run libFuzzer. */
