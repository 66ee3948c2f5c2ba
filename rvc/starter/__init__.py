"""The starter encoder: a small content encoder of the project's own, from public recordings to weights.

`corpus` reads recordings, the scripts in `resources/starter` add what others' models say about them (phonemes,
a teacher's features), `shards` packs both, `distill` trains, `probe` measures. `docs/starter.md` tells the story.
`shards`, `distill` and all they use import nothing but torch, numpy and safetensors, so that they run anywhere.
"""
