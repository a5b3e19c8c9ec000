"""Models of many shapes, each with the table that was written by hand from its formula, before any code.

A row reads `name | role | in_sum | scale | already_in | add | free`. A name with an outcome reads `u @ eggs`.

- Lists are compared as sets, and the factors of a product in any order.
- `/` separates readings that are both true, `?` marks what the rule does not fix, `-` is no value.
- What is not in the sum may tell the outcome's scale or none.
- `¦` is the bar of a name such as Bambi's 1|group.
- An offset is data without a coefficient, so a row may tell it in `add` or leave it out.

The data are invented, nothing is sampled, and names are no help: a third of the models mislead in their names,
their order or their coding.
"""

from dataclasses import dataclass

import numpy as np
import pymc as pm
import pytensor.tensor as pt

COLUMNS = ("role", "in_sum", "scale", "already_in", "add", "free")


@dataclass
class Animal:
    """A model, the rows that are expected of it, and what else a table of it should say."""

    build: callable
    rows: dict  # name, or (name, outcome) -> {column: the alternatives}
    loose: list  # sets of names that share a constant which the data do not fix
    unvisited: dict  # name -> labels of the entries that no row visits
    misleading: str
    reason: tuple  # words of which a sentence should have one, where the table cannot tell
    source: str

    @property
    def name(self):
        return self.build.__name__


ZOO, UNTOLD = {}, {}


def read_rows(text):
    """Read the rows that were written by hand."""
    rows = {}
    for line in text.strip().splitlines():
        name, *cells = (cell.strip().replace("¦", "|") for cell in line.split("|"))
        assert len(cells) == len(COLUMNS), line
        key = tuple(part.strip() for part in name.split("@")) if "@" in name else name
        assert key not in rows, line
        rows[key] = {
            column: [part.strip() for part in cell.split(" / ")]
            for column, cell in zip(COLUMNS, cells, strict=True)
        }
    return rows


def animal(text, loose=(), unvisited=None, misleading="", source="", where=ZOO):
    """Add a model and its expected rows to the zoo."""

    def keep(build):
        kept = Animal(
            build, read_rows(text), [set(s) for s in loose], unvisited or {}, misleading, (), source
        )
        assert kept.name not in where
        where[kept.name] = kept
        return build

    return keep


def untold(*names, reason, where=UNTOLD):
    """Add a model of which a table must say, for these names, that it cannot tell, and why."""

    def keep(build):
        rows = {name: {"role": ["cannot tell"]} for name in names}
        where[build.__name__] = Animal(build, rows, [], {}, "", reason, "")
        return build

    return keep


def crossed(*sizes, times=1):
    """Return one code vector per size, every combination visited `times` times."""
    grids = np.meshgrid(*(np.arange(size) for size in sizes), indexing="ij")
    return [np.tile(grid.ravel(), times) for grid in grids]


def rng():
    return np.random.default_rng(13)


# ---- the table can be told ----------------------------------------------------------------------------------


@animal(
    """
    a_bar   | population mean | no            | - / logit |            |      | yes
    sigma_a | population sd   | no            | - / logit |            |      | yes
    sigma_g | population sd   | through g     | -         |            |      | yes
    z       | standardised    | through g     | -         |            |      | yes
    g       | deviation       | as it stands  | logit     | sigma_g, z | a, b | no
    a       | level           | as it stands  | logit     | a_bar      | g, b | yes
    b       | coefficient     | as it stands  | logit     |            | a, g | yes
    p       | computed        | no            | ?         | a, g, b    |      | no
    """,
    loose=[{"a", "g", "b"}],
)
def chimpanzees():
    """Three chimpanzees, two blocks, four treatments: m13.4 with fewer rows."""
    actor, block, treatment = crossed(3, 2, 4, times=2)
    with pm.Model() as model:
        a_bar = pm.Normal("a_bar", 0, 1.5)
        sigma_a = pm.Exponential("sigma_a", 1)
        sigma_g = pm.Exponential("sigma_g", 1)
        z = pm.Normal("z", 0, 1, shape=2)
        g = pm.Deterministic("g", sigma_g * z)
        a = pm.Normal("a", a_bar, sigma_a, shape=3)
        b = pm.Normal("b", 0, 0.5, shape=4)
        p = pm.Deterministic("p", pm.math.invlogit(a[actor] + g[block] + b[treatment]))
        pm.Bernoulli("pulled_left", p, observed=rng().integers(0, 2, actor.size))
    return model


@animal(
    """
    mu_a    | population mean | no                       | - / identity |      |           | yes
    sigma_a | population sd   | no                       | - / identity |      |           | yes
    a       | level           | as it stands             | identity     | mu_a | b * floor | yes
    b       | coefficient     | in rows where floor is 1 | identity     |      | a         | yes
    sigma   | noise           | no                       | - / identity |      |           | yes
    """
)
def houses():
    """Radon in houses of four counties, centred, with the floor as 0 or 1."""
    county, storey = crossed(4, 2, times=2)
    with pm.Model() as model:
        floor = pm.Data("floor", storey.astype(float))
        mu_a = pm.Normal("mu_a", 0, 2)
        sigma_a = pm.HalfNormal("sigma_a", 1)
        a = pm.Normal("a", mu_a, sigma_a, shape=4)
        b = pm.Normal("b", 0, 1)
        sigma = pm.HalfNormal("sigma", 1)
        pm.Normal("log_radon", a[county] + b * floor, sigma, observed=rng().normal(size=county.size))
    return model


@animal(
    """
    beta_bar | population sd | no           | - / identity |  |       | yes
    beta     | deviation     | as it stands | identity     |  | sigma | yes
    sigma    | coefficient   | as it stands | identity     |  | beta  | yes
    mu       | shape         | no           | - / identity |  |       | yes
    a        | noise         | no           | - / identity |  |       | yes
    """,
    loose=[{"sigma", "beta"}],
    misleading="the intercept is called sigma, the sd beta_bar, the degrees of freedom mu, the noise a",
)
def plots():
    """Yield of plots with Student t noise, one deviation per plot."""
    (plot,) = crossed(5, times=4)
    with pm.Model() as model:
        beta_bar = pm.HalfNormal("beta_bar", 1)
        beta = pm.Normal("beta", 0, beta_bar, shape=5)
        sigma = pm.Normal("sigma", 3, 2)
        mu = pm.Gamma("mu", 2, 0.1)
        a = pm.HalfNormal("a", 1)
        pm.StudentT("yield", nu=mu, mu=sigma + beta[plot], sigma=a, observed=rng().normal(3, 1, plot.size))
    return model


@animal(
    """
    b | coefficient     | times data   | probit |         | a        | yes
    z | standardised    | through a    | -      |         |          | yes
    s | population sd   | through a    | -      |         |          | yes
    m | population mean | through a    | probit |         |          | yes
    a | level           | as it stands | probit | z, s, m | b * data | no
    """,
    misleading="declared from the end: the slope first, the mean last",
)
def seeds():
    """Germination by dish on the probit scale, non-centred, the data without a name."""
    (dish,) = crossed(5, times=5)
    depth = rng().normal(size=dish.size)
    with pm.Model() as model:
        b = pm.Normal("b", 0, 1)
        z = pm.Normal("z", 0, 1, shape=5)
        s = pm.HalfNormal("s", 1)
        m = pm.Normal("m", 0, 1)
        a = pm.Deterministic("a", m + s * z)
        pm.Bernoulli(
            "germinated", pm.math.invprobit(a[dish] + b * depth), observed=rng().integers(0, 2, dish.size)
        )
    return model


@animal(
    """
    alpha      | coefficient   | as it stands | cloglog     |                                             | site, b * depth  | yes
    sigma_site | population sd | no           | - / cloglog |                                             |                  | yes
    site       | deviation     | as it stands | cloglog     |                                             | alpha, b * depth | yes
    b          | coefficient   | times depth  | cloglog     |                                             | alpha, site      | yes
    p          | computed      | no           | ?           | alpha, site, b * depth / alpha, site, b     |                  | no
    """,
    loose=[{"alpha", "site"}],
)
def ponds():
    """A newt seen or not, by trap and site: complementary log-log."""
    (place,) = crossed(4, times=5)
    with pm.Model() as model:
        depth = pm.Data("depth", rng().normal(size=place.size))
        alpha = pm.Normal("alpha", 0, 1)
        sigma_site = pm.HalfNormal("sigma_site", 1)
        site = pm.Normal("site", 0, sigma_site, shape=4)
        b = pm.Normal("b", 0, 1)
        p = pm.Deterministic("p", 1 - pt.exp(-pt.exp(alpha + site[place] + b * depth)))
        pm.Bernoulli("seen", p=p, observed=rng().integers(0, 2, place.size))
    return model


@animal(
    """
    a_bar | population mean | no           | - / logit |       |  | yes
    sigma | population sd   | no           | - / logit |       |  | yes
    a     | level           | as it stands | logit     | a_bar |  | yes
    p     | computed        | no           | ?         | a     |  | no
    """
)
def tadpoles():
    """Survival in tanks, one tank per row, so a level is the whole sum."""
    count = np.array([10, 10, 25, 25, 35, 35])
    with pm.Model() as model:
        a_bar = pm.Normal("a_bar", 0, 1.5)
        sigma = pm.Exponential("sigma", 1)
        a = pm.Normal("a", a_bar, sigma, shape=6)
        p = pm.Deterministic("p", pm.math.invlogit(a))
        pm.Binomial("survived", n=count, p=p, observed=np.array([8, 6, 20, 22, 17, 30]))
    return model


@animal(
    """
    grand     | coefficient   | as it stands            | log     |  | mu_school, girl * data / mu_school, girl * data, log_days | yes
    tau       | population sd | no                      | - / log |  |                                                           | yes
    mu_school | deviation     | as it stands            | log     |  | grand, girl * data / grand, girl * data, log_days         | yes
    girl      | coefficient   | in rows where data is 1 | log     |  | grand, mu_school / grand, mu_school, log_days             | yes
    """,
    loose=[{"grand", "mu_school"}],
    misleading="a deviation is called mu_school",
)
def absences():
    """Days absent by school, with the log of the days watched as an offset."""
    school, sex = crossed(4, 2, times=2)
    with pm.Model() as model:
        log_days = pm.Data("log_days", np.log(rng().integers(20, 60, school.size)))
        grand = pm.Normal("grand", 0, 1)
        tau = pm.Exponential("tau", 1)
        mu_school = pm.Normal("mu_school", 0, tau, shape=4)
        girl = pm.Normal("girl", 0, 1)
        eta = grand + mu_school[school] + girl * sex + log_days
        pm.Poisson("absent", pt.exp(eta), observed=rng().poisson(3, school.size))
    return model


@animal(
    """
    alpha  | coefficient   | as it stands | log     |  | boat, kids * children  | yes
    sigma  | shape         | no           | - / log |  |                        | yes
    kids   | coefficient   | times children | log   |  | alpha, boat            | yes
    spread | population sd | no           | - / log |  |                        | yes
    boat   | deviation     | as it stands | log     |  | alpha, kids * children | yes
    """,
    loose=[{"alpha", "boat"}],
    misleading="the intercept is called alpha and the negative binomial's alpha sigma",
)
def fish():
    """Fish caught by party and boat: negative binomial, the number of children as data."""
    (vessel,) = crossed(4, times=4)
    with pm.Model() as model:
        children = pm.Data("children", np.repeat([0.0, 3, 1, 2], 4))
        alpha = pm.Normal("alpha", 1, 1)
        sigma = pm.Exponential("sigma", 1)
        kids = pm.Normal("kids", 0, 0.5)
        spread = pm.HalfNormal("spread", 1)
        boat = pm.Normal("boat", 0, spread, shape=4)
        mu = pt.exp(alpha + kids * children + boat[vessel])
        pm.NegativeBinomial("caught", mu=mu, alpha=sigma, observed=rng().poisson(3, vessel.size))
    return model


@animal(
    """
    cut         | cut-point     | as it stands      | logit     |                                     | story, b * dose | yes
    sigma_story | population sd | no                | - / logit |                                     |                 | yes
    story       | deviation     | minus             | logit     |                                     | cut, b * dose   | yes
    b           | coefficient   | minus, times dose | logit     |                                     | cut, story      | yes
    r_probs     | computed      | no                | ?         | cut, story, b * dose / cut, story, b |                | no
    """,
    loose=[{"cut", "story"}],
)
def trolley():
    """Ratings from 0 to 3 by story: ordered logistic, a slope and a deviation per story."""
    (tale,) = crossed(4, times=5)
    with pm.Model() as model:
        dose = pm.Data("dose", rng().normal(size=tale.size))
        cut = pm.Normal(
            "cut", 0, 1.5, shape=3, transform=pm.distributions.transforms.ordered, initval=[-1, 0, 1]
        )
        sigma_story = pm.Exponential("sigma_story", 1)
        story = pm.Normal("story", 0, sigma_story, shape=4)
        b = pm.Normal("b", 0, 0.5)
        pm.OrderedLogistic("r", story[tale] + b * dose, cut, observed=rng().integers(0, 4, tale.size))
    return model


@animal(
    """
    beta         | cut-point     | as it stands     | probit |                                        | cut, alpha * heat | yes
    s            | population sd | through cut      | -      |                                        |                   | yes
    z            | standardised  | through cut      | -      |                                        |                   | yes
    cut          | deviation     | minus            | probit | s, z                                   | beta, alpha * heat | no
    alpha        | coefficient   | minus, times heat | probit |                                       | beta, cut         | yes
    rating_probs | computed      | no               | ?      | beta, cut, alpha * heat / beta, cut, alpha |               | no
    """,
    loose=[{"beta", "cut"}],
    misleading="the cut-points are called beta, the judges' deviations cut, the slope alpha",
)
def wine():
    """Bitterness of wine by judge: ordered probit, non-centred."""
    (judge,) = crossed(5, times=4)
    with pm.Model() as model:
        heat = pm.Data("heat", rng().normal(size=judge.size))
        beta = pm.Normal(
            "beta", 0, 2, shape=2, transform=pm.distributions.transforms.ordered, initval=[-1, 1]
        )
        s = pm.HalfNormal("s", 1)
        z = pm.Normal("z", 0, 1, shape=5)
        cut = pm.Deterministic("cut", s * z)
        alpha = pm.Normal("alpha", 0, 1)
        pm.OrderedProbit("rating", cut[judge] + alpha * heat, beta, observed=rng().integers(0, 3, judge.size))
    return model


@animal(
    """
    mu_ab     | population mean           | no | - / identity |       |   | yes
    chol      | correlation factor        | no | - / identity |       |   | yes
    chol_corr | computed                  | no | - / identity | ?     |   | no
    chol_stds | computed / population sd  | no | - / identity | ?     |   | no
    ab        | level                     | as it stands + times afternoon | identity | mu_ab | ? | yes
    sigma     | noise                     | no | - / identity |       |   | yes
    """
)
def cafes():
    """Waiting times in cafes: intercepts and slopes as two columns of one variable, centred."""
    (cafe,) = crossed(5, times=4)
    with pm.Model() as model:
        afternoon = pm.Data("afternoon", np.tile(np.repeat([-0.5, 0.5], 5), 2))
        mu_ab = pm.Normal("mu_ab", 0, 2, shape=2)
        chol, _, _ = pm.LKJCholeskyCov("chol", n=2, eta=2, sd_dist=pm.Exponential.dist(1, shape=2))
        ab = pm.MvNormal("ab", mu_ab, chol=chol, shape=(5, 2))
        sigma = pm.Exponential("sigma", 1)
        pm.Normal(
            "wait", ab[cafe, 0] + ab[cafe, 1] * afternoon, sigma, observed=rng().normal(3, 1, cafe.size)
        )
    return model


@animal(
    """
    a_bar     | population mean          | through a         | logit     |                |            | yes
    b_bar     | population mean          | through b         | logit     |                |            | yes
    chol      | correlation factor       | through a, b      | - / logit |                |            | yes
    chol_corr | computed                 | no                | - / logit | ?              |            | no
    chol_stds | computed / population sd | no                | - / logit | ?              |            | no
    z         | standardised             | through a, b      | -         |                |            | yes
    a         | level                    | as it stands      | logit     | a_bar, chol, z | b * hunger | no
    b         | level                    | times hunger      | logit     | b_bar, chol, z | a          | no
    """
)
def spiders():
    """Attacks by spiders: intercepts and slopes with LKJ, non-centred, under names of their own."""
    (spider,) = crossed(4, times=6)
    with pm.Model() as model:
        hunger = pm.Data("hunger", rng().normal(size=spider.size))
        a_bar = pm.Normal("a_bar", 0, 1)
        b_bar = pm.Normal("b_bar", 0, 1)
        chol, _, _ = pm.LKJCholeskyCov("chol", n=2, eta=2, sd_dist=pm.Exponential.dist(1, shape=2))
        z = pm.Normal("z", 0, 1, shape=(2, 4))
        both = pt.dot(chol, z)
        a = pm.Deterministic("a", a_bar + both[0])
        b = pm.Deterministic("b", b_bar + both[1])
        pm.Bernoulli(
            "attacks", logit_p=a[spider] + b[spider] * hunger, observed=rng().integers(0, 2, spider.size)
        )
    return model


@animal(
    """
    mu           | coefficient   | as it stands | logit     |  | region, b * age | yes
    sigma_region | population sd | no           | - / logit |  |                 | yes
    region       | deviation     | as it stands | logit     |  | mu, b * age     | yes
    b            | coefficient   | times age    | logit     |  | mu, region      | yes
    """
)
def survey():
    """A yes or no by region, with regions that sum to zero."""
    (where,) = crossed(5, times=4)
    with pm.Model() as model:
        age = pm.Data("age", rng().normal(size=where.size))
        mu = pm.Normal("mu", 0, 1.5)
        sigma_region = pm.HalfNormal("sigma_region", 1)
        region = pm.ZeroSumNormal("region", sigma=sigma_region, shape=5)
        b = pm.Normal("b", 0, 1)
        pm.Bernoulli("yes", logit_p=mu + region[where] + b * age, observed=rng().integers(0, 2, where.size))
    return model


@animal(
    """
    mu         | population mean         | no           | - / identity |              |        | yes
    s_district | population sd           | no           | - / identity |              |        | yes
    district   | population mean / level | no           | - / identity | mu           |        | yes
    s_school   | population sd           | no           | - / identity |              |        | yes
    school     | level                   | as it stands | identity     | mu, district | b * hours | yes
    b          | coefficient             | times hours  | identity     |              | school | yes
    sigma      | noise                   | no           | - / identity |              |        | yes
    """
)
def schools():
    """Marks of pupils in schools in districts, each level inside the next."""
    district_of_school = np.array([0, 0, 1, 1, 2, 2])
    (pupil_school,) = crossed(6, times=3)
    with pm.Model() as model:
        hours = pm.Data("hours", rng().normal(size=pupil_school.size))
        mu = pm.Normal("mu", 0, 2)
        s_district = pm.HalfNormal("s_district", 1)
        district = pm.Normal("district", mu, s_district, shape=3)
        s_school = pm.HalfNormal("s_school", 1)
        school = pm.Normal("school", district[district_of_school], s_school, shape=6)
        b = pm.Normal("b", 0, 1)
        sigma = pm.HalfNormal("sigma", 1)
        pm.Normal(
            "mark", school[pupil_school] + b * hours, sigma, observed=rng().normal(size=pupil_school.size)
        )
    return model


@animal(
    """
    mu     | coefficient   | as it stands | identity     |  | beta * subject, gamma * item | yes
    beta   | population sd | times subject | -           |  | mu, gamma * item             | yes
    gamma  | population sd | times item   | -            |  | mu, beta * subject           | yes
    subject | standardised | times beta   | -            |  | mu, gamma * item             | yes
    item   | standardised  | times gamma  | -            |  | mu, beta * subject           | yes
    eps    | noise         | no           | - / identity |  |                              | yes
    """,
    loose=[{"mu", "beta * subject", "gamma * item"}],
    misleading="two population sds are called beta and gamma",
)
def reading_times():
    """Reading times by subject and item, crossed, both products in the formula itself."""
    who, what = crossed(4, 3, times=2)
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 2)
        beta = pm.HalfNormal("beta", 1)
        gamma = pm.HalfNormal("gamma", 1)
        subject = pm.Normal("subject", 0, 1, shape=4)
        item = pm.Normal("item", 0, 1, shape=3)
        eps = pm.HalfNormal("eps", 1)
        eta = mu + beta * subject[who] + gamma * item[what]
        pm.Normal("time", eta, eps, observed=rng().normal(size=who.size))
    return model


@animal(
    """
    g0      | population mean         | no           | - / identity |                         |          | yes
    g1      | group-level coefficient | no           | - / identity |                         |          | yes
    sigma_a | population sd           | no           | - / identity |                         |          | yes
    a       | level                   | as it stands | identity     | g0, g1 / g0, g1 * data  | b * data | yes
    b       | coefficient             | in rows where data is 1 | identity |                  | a        | yes
    sigma   | noise                   | no           | - / identity |                         |          | yes
    """
)
def uranium():
    """Radon with the county's uranium in the prior of its level, and a noise for either floor."""
    county, storey = crossed(5, 2, times=2)
    soil = np.array([-1.2, -0.3, 0.1, 0.7, 1.4])
    with pm.Model() as model:
        g0 = pm.Normal("g0", 0, 2)
        g1 = pm.Normal("g1", 0, 1)
        sigma_a = pm.HalfNormal("sigma_a", 1)
        a = pm.Normal("a", g0 + g1 * soil, sigma_a, shape=5)
        b = pm.Normal("b", 0, 1)
        sigma = pm.HalfNormal("sigma", 1, shape=2)
        pm.Normal("radon", a[county] + b * storey, sigma[storey], observed=rng().normal(size=county.size))
    return model


@animal(
    """
    sigma | population mean         | through mu   | logit |                           |             | yes
    mu_b  | group-level coefficient | through mu   | logit |                           |             | yes
    alpha | population sd           | through mu   | -     |                           |             | yes
    beta  | standardised            | through mu   | -     |                           |             | yes
    mu    | level                   | as it stands | logit | sigma, mu_b, alpha, beta / sigma, mu_b * size, alpha, beta | p_old * old | no
    p_old | coefficient             | in rows where old is 1 | logit |                 | mu          | yes
    """,
    misleading="a population mean is called sigma, its sd alpha, the standardised terms beta, the level mu, a slope p_old",
)
def hospitals():
    """Recovery by hospital and age group, non-centred, with the hospital's size."""
    where, age = crossed(4, 2)
    with pm.Model() as model:
        size = pm.Data("size", np.array([-1.0, -0.2, 0.3, 0.9]))
        old = pm.Data("old", age)
        sigma = pm.Normal("sigma", 0, 1)
        mu_b = pm.Normal("mu_b", 0, 1)
        alpha = pm.HalfNormal("alpha", 1)
        beta = pm.Normal("beta", 0, 1, shape=4)
        mu = pm.Deterministic("mu", sigma + mu_b * size + alpha * beta)
        p_old = pm.Normal("p_old", 0, 1)
        pm.Binomial(
            "recovered", n=20, logit_p=mu[where] + p_old * old, observed=rng().integers(4, 16, where.size)
        )
    return model


@animal(
    """
    a0 @ length       | coefficient   | as it stands | identity       |  | nest | yes
    sigma_nest @ length | population sd | no         | - / identity   |  |      | yes
    nest @ length     | deviation     | as it stands | identity       |  | a0   | yes
    sigma @ length    | noise         | no           | - / identity   |  |      | yes
    e0 @ eggs         | coefficient   | as it stands | log            |  | nest | yes
    sigma_nest @ eggs | population sd | no           | - / log        |  |      | yes
    nest @ eggs       | deviation     | as it stands | log            |  | e0   | yes
    """,
    loose=[{"a0", "e0", "nest"}],
)
def birds():
    """Two outcomes, wing length and number of eggs, that share one deviation per nest."""
    (place,) = crossed(4, times=4)
    with pm.Model() as model:
        a0 = pm.Normal("a0", 0, 1)
        e0 = pm.Normal("e0", 0, 1)
        sigma_nest = pm.HalfNormal("sigma_nest", 1)
        nest = pm.Normal("nest", 0, sigma_nest, shape=4)
        sigma = pm.HalfNormal("sigma", 1)
        pm.Normal("length", a0 + nest[place], sigma, observed=rng().normal(size=place.size))
        pm.Poisson("eggs", pt.exp(e0 + nest[place]), observed=rng().poisson(3, place.size))
    return model


@animal(
    """
    x     | coefficient   | times sigma  | log     |  | year, start  | yes
    data  | population sd | no           | - / log |  |              | yes
    year  | deviation     | as it stands | log     |  | x * sigma, start | yes
    start | coefficient   | as it stands | log     |  | x * sigma, year  | yes
    """,
    loose=[{"year", "start"}],
    misleading="the data are called sigma and the codes beta, the coefficient x, the population sd data",
)
def counts():
    """Birds counted by year: everything from pm.Data, under names that suggest parameters."""
    codes, _ = crossed(4, 3, times=2)
    with pm.Model() as model:
        sigma = pm.Data("sigma", rng().normal(size=codes.size))
        beta = pm.Data("beta", 3 - codes)
        x = pm.Normal("x", 0, 1)
        data = pm.HalfNormal("data", 1)
        year = pm.Normal("year", 0, data, shape=4)
        start = pm.Normal("start", 1, 1)
        pm.Poisson("seen", pt.exp(start + year[beta] + x * sigma), observed=rng().poisson(3, codes.size))
    return model


@animal(
    """
    alpha | coefficient   | as it stands | identity     |  | beta * X | yes
    tau   | population sd | no           | - / identity |  |          | yes
    beta  | coefficient   | times X      | identity     |  | alpha    | yes
    sigma | noise         | no           | - / identity |  |          | yes
    """
)
def ridge():
    """Four slopes that share one sd, as a matrix product."""
    with pm.Model() as model:
        X = pm.Data("X", rng().normal(size=(20, 4)))
        alpha = pm.Normal("alpha", 0, 1)
        tau = pm.HalfNormal("tau", 1)
        beta = pm.Normal("beta", 0, tau, shape=4)
        sigma = pm.HalfNormal("sigma", 1)
        pm.Normal("y", alpha + X @ beta, sigma, observed=rng().normal(size=20))
    return model


@animal(
    """
    tau   | population sd | no           | - / logit |  |             | yes
    lam   | population sd | no           | - / logit |  |             | yes
    beta  | coefficient   | times data   | logit     |  | alpha       | yes
    alpha | coefficient   | as it stands | logit     |  | beta * data | yes
    """
)
def horseshoe():
    """Five slopes with local and global sds; the matrix has no name."""
    X = rng().normal(size=(24, 5))
    with pm.Model() as model:
        tau = pm.HalfCauchy("tau", 1)
        lam = pm.HalfCauchy("lam", 1, shape=5)
        beta = pm.Normal("beta", 0, tau * lam, shape=5)
        alpha = pm.Normal("alpha", 0, 1)
        pm.Bernoulli("y", logit_p=alpha + pt.dot(X, beta), observed=rng().integers(0, 2, 24))
    return model


EFFECT = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
ERROR = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])


@animal(
    """
    theta | population mean | no           | - / identity |       |  | yes
    alpha | population sd   | no           | - / identity |       |  | yes
    mu    | level           | as it stands | identity     | theta |  | yes
    """,
    misleading="mu and theta have changed places, and the population sd is called alpha",
)
def eight_schools_renamed():
    """Eight schools, centred."""
    with pm.Model() as model:
        theta = pm.Normal("theta", 0, 5)
        alpha = pm.HalfCauchy("alpha", 5)
        mu = pm.Normal("mu", theta, alpha, shape=8)
        pm.Normal("y", mu, ERROR, observed=EFFECT)
    return model


@animal(
    """
    mu    | population mean | through theta | identity |            |  | yes
    tau   | population sd   | through theta | -        |            |  | yes
    z     | standardised    | through theta | -        |            |  | yes
    theta | level           | as it stands  | identity | mu, tau, z |  | no
    """,
    misleading="theta is stored, but the formula goes on with the expression and not with the stored name",
)
def eight_schools_aside():
    """Eight schools, non-centred, theta stored aside."""
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 5)
        tau = pm.HalfCauchy("tau", 5)
        z = pm.Normal("z", 0, 1, shape=8)
        theta = mu + tau * z
        pm.Deterministic("theta", theta)
        pm.Normal("y", theta, ERROR, observed=EFFECT)
    return model


@animal(
    """
    mu      | coefficient       | as it stands | identity     |  | a  | yes
    sigma_a | population sd     | no           | - / identity |  |    | yes
    a       | level / deviation | as it stands | identity     |  | mu | yes
    sigma   | noise             | no           | - / identity |  |    | yes
    """,
    loose=[{"mu", "a"}],
)
def mean_twice():
    """A mean that is in the prior of the levels and in the formula too."""
    (group,) = crossed(4, times=4)
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 1)
        sigma_a = pm.HalfNormal("sigma_a", 1)
        a = pm.Normal("a", mu, sigma_a, shape=4)
        sigma = pm.HalfNormal("sigma", 1)
        pm.Normal("y", mu + a[group], sigma, observed=rng().normal(size=group.size))
    return model


@animal(
    """
    start | coefficient   | as it stands | identity     |  | rate * day   | yes
    s     | population sd | no           | - / identity |  |              | yes
    rate  | deviation     | times day    | identity     |  | start        | yes
    sigma | noise         | no           | - / identity |  |              | yes
    """
)
def growth():
    """A slope per plant around zero, and no common slope."""
    (plant,) = crossed(4, times=4)
    with pm.Model() as model:
        day = pm.Data("day", np.repeat([-1.5, -0.5, 0.5, 1.5], 4))
        start = pm.Normal("start", 0, 1)
        s = pm.HalfNormal("s", 1)
        rate = pm.Normal("rate", 0, s, shape=4)
        sigma = pm.HalfNormal("sigma", 1)
        pm.Normal("height", start + rate[plant] * day, sigma, observed=rng().normal(size=plant.size))
    return model


@animal(
    """
    a_bar   | population mean | no           | - / identity |       |                           | yes
    sigma_a | population sd   | no           | - / identity |       |                           | yes
    a       | level           | as it stands | identity     | a_bar | b_bar * day, b * day      | yes
    b_bar   | coefficient     | times day    | identity     |       | a, b * day                | yes
    sigma_b | population sd   | no           | - / identity |       |                           | yes
    b       | deviation       | times day    | identity     |       | a, b_bar * day            | yes
    sigma   | noise           | no           | - / identity |       |                           | yes
    """,
    loose=[{"b_bar", "b"}],
)
def sleep():
    """Reaction times by subject and day: levels for intercepts, deviations for slopes."""
    (subject,) = crossed(5, times=4)
    with pm.Model() as model:
        day = pm.Data("day", np.repeat([0.0, 1, 2, 3], 5))
        a_bar = pm.Normal("a_bar", 0, 1)
        sigma_a = pm.HalfNormal("sigma_a", 1)
        a = pm.Normal("a", a_bar, sigma_a, shape=5)
        b_bar = pm.Normal("b_bar", 0, 1)
        sigma_b = pm.HalfNormal("sigma_b", 1)
        b = pm.Normal("b", 0, sigma_b, shape=5)
        sigma = pm.HalfNormal("sigma", 1)
        eta = a[subject] + (b_bar + b[subject]) * day
        pm.Normal("reaction", eta, sigma, observed=rng().normal(size=subject.size))
    return model


@animal(
    """
    mu    | population mean | no           | - / logit |    |          | yes
    sd    | population sd   | no           | - / logit |    |          | yes
    crew  | level           | as it stands | logit     | mu | b * wind | yes
    b     | coefficient     | times wind   | logit     |    | crew     | yes
    """,
    unvisited={"crew": ["delta"]},
    misleading="the codes count from the end and one label has no row",
)
def crews():
    """Five crews with labels, one of which has no row."""
    codes = np.repeat([4, 2, 1, 0], 5)
    labels = ["alpha", "beta", "gamma", "delta", "eps"]
    with pm.Model(coords={"crew_label": labels}) as model:
        wind = pm.Data("wind", rng().normal(size=codes.size))
        code = pm.Data("code", codes)
        mu = pm.Normal("mu", 0, 1)
        sd = pm.HalfNormal("sd", 1)
        crew = pm.Normal("crew", mu, sd, dims="crew_label")
        b = pm.Normal("b", 0, 1)
        pm.Bernoulli("won", logit_p=crew[code] + b * wind, observed=rng().integers(0, 2, codes.size))
    return model


@animal(
    """
    a_bar | population mean | no           | - / logit |            |   | yes
    s     | population sd   | no           | - / logit |            |   | yes
    a     | level           | as it stands | logit     | a_bar      | b | yes
    b     | coefficient     | as it stands | logit     |            | a | yes
    eta   | computed        | no           | ?         | a, b       |   | no
    p     | computed        | no           | ?         | a, b       |   | no
    diff  | computed        | no           | ?         | b / -      |   | no
    odds  | computed        | no           | ?         | a_bar / -  |   | no
    """,
    loose=[{"a", "b"}],
)
def doses():
    """Deterministics that nothing uses: a contrast, the population's odds, and the sum itself."""
    ward, dose = crossed(4, 3, times=2)
    with pm.Model() as model:
        a_bar = pm.Normal("a_bar", 0, 1)
        s = pm.HalfNormal("s", 1)
        a = pm.Normal("a", a_bar, s, shape=4)
        b = pm.Normal("b", 0, 0.5, shape=3)
        eta = pm.Deterministic("eta", a[ward] + b[dose])
        p = pm.Deterministic("p", pm.math.invlogit(eta))
        pm.Deterministic("diff", b[2] - b[0])
        pm.Deterministic("odds", pt.exp(a_bar))
        pm.Bernoulli("well", p, observed=rng().integers(0, 2, ward.size))
    return model


@animal(
    """
    b | coefficient   | times data   | identity     |  | u        | yes
    s | population sd | no           | - / identity |  |          | yes
    u | deviation     | as it stands | identity     |  | b * data | yes
    e | noise         | no           | - / identity |  |          | yes
    """
)
def by_matrices():
    """The same kind of model as matrices: slopes, and groups as columns of zeros and ones."""
    (group,) = crossed(4, times=5)
    X = rng().normal(size=(group.size, 2))
    Z = np.eye(4)[group]
    with pm.Model() as model:
        b = pm.Normal("b", 0, 2, shape=2)
        s = pm.HalfNormal("s", 1)
        u = pm.Normal("u", 0, s, shape=4)
        e = pm.HalfNormal("e", 1)
        pm.Normal("y", pt.dot(X, b) + pt.dot(Z, u), e, observed=rng().normal(size=group.size))
    return model


# ---- the table cannot be told -------------------------------------------------------------------------------


@untold("a", "b", reason=("potential",))
def potential():
    """Part of the likelihood is a potential."""
    x = rng().normal(size=12)
    with pm.Model() as model:
        a = pm.Normal("a", 0, 1)
        b = pm.Normal("b", 0, 1)
        pm.Normal("y", a + b * x, 1, observed=rng().normal(size=12))
        pm.Potential("soft_constraint", -10 * (a + b) ** 2)
    return model


@untold("a", "b", reason=("customdist", "custom", "own distribution"))
def custom():
    """The outcome's distribution is the modeller's own."""
    x = rng().normal(size=12)

    def logp(value, mu):
        return -pt.abs(value - mu)

    with pm.Model() as model:
        a = pm.Normal("a", 0, 1)
        b = pm.Normal("b", 0, 1)
        pm.CustomDist("y", a + b * x, logp=logp, observed=rng().normal(size=12))
    return model


@untold("mu", reason=("mixture",))
def mixture():
    """Two kinds of animals that nobody told apart."""
    with pm.Model() as model:
        w = pm.Dirichlet("w", np.ones(2))
        mu = pm.Normal("mu", [-1, 1], 1, shape=2)
        pm.NormalMixture("y", w=w, mu=mu, sigma=1, observed=rng().normal(size=12))
    return model


@untold("a", "b", reason=("zero-inflated", "zero inflat", "zeroinflated", "mixture"))
def monks():
    """Manuscripts by day, where some days are drunk."""
    x = rng().normal(size=12)
    with pm.Model() as model:
        psi = pm.Beta("psi", 2, 2)
        a = pm.Normal("a", 0, 1)
        b = pm.Normal("b", 0, 1)
        pm.ZeroInflatedPoisson("y", psi=psi, mu=pt.exp(a + b * x), observed=rng().poisson(1, 12))
    return model


@untold("a", "b", reason=("censor",))
def adoption():
    """Days until adoption, cut off at the end of the study."""
    x = rng().normal(size=12)
    with pm.Model() as model:
        a = pm.Normal("a", 0, 1)
        b = pm.Normal("b", 0, 1)
        sigma = pm.HalfNormal("sigma", 1)
        pm.Censored(
            "y",
            pm.Normal.dist(a + b * x, sigma),
            lower=None,
            upper=1.0,
            observed=rng().normal(size=12).clip(None, 1),
        )
    return model


@untold("a", "b", reason=("softmax", "categor", "several probabilities", "more than one"))
def careers():
    """Choice among three careers: softmax."""
    x = rng().normal(size=12)
    with pm.Model() as model:
        a = pm.Normal("a", 0, 1, shape=3)
        b = pm.Normal("b", 0, 1, shape=3)
        p = pm.math.softmax(a + x[:, None] * b, axis=1)
        pm.Categorical("career", p=p, observed=rng().integers(0, 3, 12))
    return model


@untold("f", reason=("gp", "gaussian process", "covariance", "bends"))
def islands():
    """Tools by island, with a Gaussian process over the distances."""
    place = rng().normal(size=(6, 1))
    with pm.Model() as model:
        eta = pm.Exponential("eta", 1)
        length = pm.HalfNormal("length", 1)
        gp = pm.gp.Latent(cov_func=eta**2 * pm.gp.cov.ExpQuad(1, length))
        f = gp.prior("f", X=place)
        a = pm.Normal("a", 0, 1)
        pm.Poisson("tools", pt.exp(a + f), observed=rng().poisson(3, 6))
    return model


@untold("b", "brain_unobserved", reason=("imput", "missing"))
def milk():
    """Energy of milk on brain size, which is missing for two species."""
    brain = rng().normal(size=12)
    brain[[2, 7]] = np.nan
    with pm.Model() as model:
        a = pm.Normal("a", 0, 1)
        b = pm.Normal("b", 0, 1)
        seen = pm.Normal("brain", 0, 1, observed=np.ma.masked_invalid(brain))
        sigma = pm.HalfNormal("sigma", 1)
        pm.Normal("energy", a + b * seen, sigma, observed=rng().normal(size=12))
    return model


@untold("alpha", "beta", reason=("beta",))
def rats():
    """Tumours in groups of rats: a Beta population with two shapes."""
    with pm.Model() as model:
        alpha = pm.HalfNormal("alpha", 5)
        beta = pm.HalfNormal("beta", 5)
        theta = pm.Beta("theta", alpha, beta, shape=6)
        pm.Binomial("tumours", n=20, p=theta, observed=rng().integers(0, 6, 6))
    return model


@untold("v", reason=("two", "entries", "both"))
def packed():
    """One vector, whose first entry is the mean of the levels and whose second is a slope."""
    (group,) = crossed(4, times=4)
    x = rng().normal(size=group.size)
    with pm.Model() as model:
        v = pm.Normal("v", 0, 1, shape=2)
        s = pm.HalfNormal("s", 1)
        a = pm.Normal("a", v[0], s, shape=4)
        sigma = pm.HalfNormal("sigma", 1)
        pm.Normal("y", a[group] + v[1] * x, sigma, observed=rng().normal(size=group.size))
    return model
