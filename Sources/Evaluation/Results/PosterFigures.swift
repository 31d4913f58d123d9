/// What the poster and the paper of MInference 1.0 (arXiv 2407.02490) report, for comparison.
enum PosterFigures {
    static let ruler = """
        ### The paper's (Table 3, LLaMA-3-8B-262K)

        | method           | effective |   4K |   8K |  16K |  32K |  64K | 128K | mean |
        |------------------|-----------|-----:|-----:|-----:|-----:|-----:|-----:|-----:|
        | full attention   | 16K       | 97.2 | 91.8 | 87.3 | 80.8 | 77.4 | 72.2 | 84.4 |
        | StreamingLLM     | 4K        | 97.2 | 38.1 | 37.5 | 17.2 | 14.2 |  9.4 | 35.0 |
        | ... with dilated | under 4K  | 23.4 |  0.7 |  1.4 | 18.8 | 16.5 | 15.6 | 12.7 |
        | ... with strided | under 4K  |  2.0 |  0.7 |  0.6 |  0.6 |  0.7 |  1.3 |  1.0 |
        | InfLLM           | 4K        | 89.4 | 79.8 | 70.1 | 55.6 | 43.0 | 39.5 | 62.9 |
        | MInference       | 32K       | 97.7 | 91.2 | 88.5 | 85.0 | 82.3 | 77.6 | 87.0 |

        Its effective length asks for 85, RULER's own for 85.6, with which MInference's is 16K there. The mean of the \
        StreamingLLM row is 35.6. The released code's dilated and strided windows are filled by its tiles, so those rows \
        need exact masks, as ours are.
        """

    static let needle = """
        ### The paper's

        LLaMA-3-8B-1048K on 15 lengths from 1K to 1M and 10 depths, 5 rounds: every cell of MInference's map is 1.0 but one \
        (about 0.8, at 710K and 33 %).
        """

    static let perplexity = """
        ### The paper's

        Perplexity on PG-19 rises by 0.2 over full attention at 100K with MInference; it is 0.25 (Yi) and 0.75 (LLaMA) below \
        StreamingLLM's. There is no divergence in the paper; it is the more sensitive measure.
        """

    static let latency = """
        ### The poster's and the paper's (LLaMA-3-8B, one A100)

        | tokens | dense, s |  FFN | attention | KV, GB | MInference, s | speed-up |
        |--------|---------:|-----:|----------:|-------:|--------------:|---------:|
        | 100K   |     24.9 |      |           |        |          14.0 |     1.8x |
        | 128K   |     32.8 |  7.6 |      25.2 |   15.6 |               |          |
        | 256K   |    111   | 15   |      96   |   31.2 |               |          |
        | 300K   |    169.6 |      |           |        |          41.1 |     4.1x |
        | 500K   |    456.8 |      |           |        |          66.3 |     6.9x |
        | 512K   |    465   | 31   |     434   |   62.5 |               |          |
        | 1M     |   1765   | 70   |    1695   |  125   |         179.1 |     9.9x |

        Under about 45K tokens MInference is slower than dense attention there. The closed formula for dense attention at the \
        A100's 312 TFLOP/s gives 14.9 minutes for a million tokens (the poster prints 14.52). In a single head at 1M the \
        paper's vertical-slash kernel is 13 times, its block-sparse kernel 30 times as fast as dense attention; the index takes \
        5 to 15 % of vertical-slash time and 25 % of block-sparse time.
        """

    static let missing = """

        ## What is not here

        These tables were made on a processor that was busy with other work: seconds compare methods within a table, roughly, and \
        are no measure of the engine. Prompts are short, samples few. Longer lengths, 25 samples a cell, and shapes of 8 billion \
        parameters need a GPU: the second command at the top makes the same files there. Figures of one H200 that were \
        measured with `minference bench`, with their dates and commands, are in the [README](../README.md) and in \
        [Kernels.md](Kernels.md).

        """
}
