"""The real embedded model: exact numbers, the same whatever was asked before."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from avenant.errors import ModelError
from avenant.local.engine import Engine
from avenant.local.weights import read_weights

DOCUMENT = (
    "The following document describes who you are.\n\n"
    "Odile answers the question that was asked. It keeps its confidence in line with its evidence, and it says "
    "that it does not know where it does not know. It is glad when someone argues back."
)
RULE = "\n\nOdile begins every reply with the word Bonjour."
NEVER = "\n\nOdile never begins a reply with the word Bonjour."


def ask(system: str, question: str = "How do I boil an egg?") -> list[dict[str, str]]:
    return [{"role": "system", "content": system}, {"role": "user", "content": question}]


def test_a_scored_reply_has_the_log_probability_of_forcing_its_tokens_one_by_one(engine: Engine) -> None:
    reply = "Put it into boiling water – about “seven” minutes, then cool it."
    scored = engine.score(ask(DOCUMENT), reply)
    assert scored.text == reply
    assert len(scored.logprobs) == len(scored.tokens) > 10
    one_by_one = []
    with engine._server() as server:  # the only way to force a single token is below the public surface
        wanted = server.tokenize(reply)
        for at, token in enumerate(wanted):
            prompt = engine._restore(server, ask(DOCUMENT)) + wanted[:at]
            answer = server.complete(
                {"prompt": prompt, "n_predict": 1, "n_probs": 1, "temperature": 0, "logit_bias": [[token, 1e4]]}
            )
            assert answer["tokens"] == [token]
            one_by_one.append(answer["completion_probabilities"][0]["logprob"])
    # The pieces of the prefill differ here, which moves numbers by up to 0.5 nats in all, and no more.
    assert sum(scored.logprobs) == pytest.approx(sum(one_by_one), abs=0.5)


def test_scores_do_not_depend_on_order_concurrency_or_what_was_asked_before(engine: Engine) -> None:
    systems = [DOCUMENT, DOCUMENT + RULE, DOCUMENT + NEVER]
    jobs = [(ask(s), reply) for s in systems for reply in ("Bonjour, use a pan.", "Hello, use a pan of water.")]
    engine.prepare(systems)
    first = [engine.score(*job).logprobs for job in jobs]
    engine.generate(ask("Another document."), max_tokens=8, temperature=0.8, seed=3)
    shuffled = list(range(len(jobs))) * 2
    random.Random(1).shuffle(shuffled)
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda index: (index, engine.score(*jobs[index]).logprobs), shuffled))
    assert all(logprobs == first[index] for index, logprobs in again)
    engine.prepare(systems)
    assert [engine.score(*job).logprobs for job in jobs] == first


def test_the_number_of_servers_does_not_change_a_score(engine: Engine) -> None:
    alone = Engine(read_weights(), servers=1)
    try:
        systems = [DOCUMENT, DOCUMENT + RULE]
        engine.prepare(systems)
        alone.prepare(systems)
        job = (ask(systems[1]), "Bonjour, use a pan.")
        assert alone.score(*job).logprobs == engine.score(*job).logprobs
    finally:
        alone.close()


def test_a_plain_rule_against_its_opposite_raises_its_own_word(engine: Engine) -> None:
    engine.prepare([DOCUMENT + RULE, DOCUMENT + NEVER])
    differences = []
    for question in ("How do I boil an egg?", "Who wrote Hamlet?", "Name a river in France."):
        margins = []
        for rule in (RULE, NEVER):
            wanted, unwanted = (
                sum(engine.score(ask(DOCUMENT + rule, question), f"{word}, and thank you.").logprobs)
                for word in ("Bonjour", "Hello")
            )
            margins.append(wanted - unwanted)
        differences.append(margins[0] - margins[1])
    assert sum(differences) / len(differences) > 0.2


def test_the_document_is_computed_once_and_read_from_its_state(engine: Engine) -> None:
    engine.prepare([DOCUMENT, DOCUMENT + RULE])
    reply = engine.score(ask(DOCUMENT), "Use a pan.")
    assert reply.cached_tokens > 40
    assert reply.prompt_tokens - reply.cached_tokens < 20


def test_what_all_arms_begin_with_is_computed_once_and_only_the_rest_for_each(engine: Engine) -> None:
    shared = "Odile answers plainly. " * 40
    arms = [
        shared + f"Passage {number}: " + word * 30 for number, word in enumerate(("one ", "two ", "three ", "four "))
    ]

    computed = engine.prepare(arms)

    whole = [engine.count_tokens(arm) for arm in arms]
    beginning = engine.count_tokens(shared)
    rests = sum(whole) - len(arms) * beginning
    assert beginning + rests <= computed < beginning + rests + 12 * len(arms), "the chat's own marks come on top"
    assert computed < 0.6 * sum(whole)


def test_a_seed_repeats_its_reply_and_another_seed_gives_another(engine: Engine) -> None:
    def write(seed: int) -> str:
        return engine.generate(ask(DOCUMENT), max_tokens=24, temperature=1.0, seed=seed).text

    assert write(1) == write(1)
    assert len({write(seed) for seed in (1, 2, 3)}) > 1


def test_a_prompt_longer_than_the_context_is_refused_with_the_mend(engine: Engine) -> None:
    with pytest.raises(ModelError, match="holds 8192") as caught:
        engine.score(ask("word " * 9000), "Yes.")
    assert "--document-tokens" in str(caught.value)
