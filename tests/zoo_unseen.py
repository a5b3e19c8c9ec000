"""Models of a third kind: those that readers bring, in the styles of the tutorials they learned from.

The rows were written by hand from the formulas before anyone looked at what `read_table` does with them; the
notation is that of tests/zoo.py. The data are invented and nothing is sampled.
"""

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from zoo import animal as any_animal
from zoo import crossed, rng
from zoo import untold as any_untold

UNSEEN, REFUSED = {}, {}


def animal(text, **more):
    """Add a model to those of this file."""
    return any_animal(text, where=UNSEEN, **more)


def untold(*names, reason):
    """Add a model that a table must refuse to those of this file."""
    return any_untold(*names, reason=reason, where=REFUSED)


@animal(
    """
    mu_a      | population mean | through alpha | identity     |                          |                  | yes
    sigma_a   | population sd   | through alpha | -            |                          |                  | yes
    mu_b      | population mean | through beta  | identity     |                          |                  | yes
    sigma_b   | population sd   | through beta  | -            |                          |                  | yes
    za_county | standardised    | through alpha | -            |                          |                  | yes
    zb_county | standardised    | through beta  | -            |                          |                  | yes
    alpha     | level           | as it stands  | identity     | mu_a, sigma_a, za_county | beta * floor_idx | no
    beta | level | in rows where floor_idx is 1  | identity     | mu_b, sigma_b, zb_county | alpha            | no
    sigma     | noise           | no            | - / identity |                          |                  | yes
    """
)
def radon_primer():
    """Radon as the PyMC primer has it: dims everywhere, the indices as pm.Data, both terms non-centred."""
    county, storey = crossed(4, 2, times=3)
    coords = {"county": ["Aitkin", "Anoka", "Becker", "Beltrami"], "obs_id": np.arange(county.size)}
    with pm.Model(coords=coords) as model:
        floor_idx = pm.Data("floor_idx", storey, dims="obs_id")
        county_idx = pm.Data("county_idx", county, dims="obs_id")
        mu_a = pm.Normal("mu_a", mu=0.0, sigma=10.0)
        sigma_a = pm.Exponential("sigma_a", 1)
        mu_b = pm.Normal("mu_b", mu=0.0, sigma=10.0)
        sigma_b = pm.Exponential("sigma_b", 1)
        za_county = pm.Normal("za_county", mu=0.0, sigma=1.0, dims="county")
        zb_county = pm.Normal("zb_county", mu=0.0, sigma=1.0, dims="county")
        alpha = pm.Deterministic("alpha", mu_a + za_county * sigma_a, dims="county")
        beta = pm.Deterministic("beta", mu_b + zb_county * sigma_b, dims="county")
        theta = alpha[county_idx] + beta[county_idx] * floor_idx
        sigma = pm.Exponential("sigma", 5)
        pm.Normal("y", theta, sigma=sigma, observed=rng().normal(size=county.size), dims="obs_id")
    return model


@animal(
    """
    alpha_c   | population mean     | no           | - / identity |         |             | yes
    beta_c    | population mean     | no           | - / identity |         |             | yes
    tau_alpha | cannot tell         | ?            | ?            |         | ?           | yes
    tau_beta  | cannot tell         | ?            | ?            |         | ?           | yes
    tau_c     | noise               | no           | - / identity |         |             | yes
    alpha     | level               | as it stands | identity     | alpha_c | beta * data | yes
    beta      | level               | times data   | identity     | beta_c  | alpha       | yes
    alpha0    | computed            | no           | ?            | ?       |             | no
    """,
    misleading="the taus are precisions, not standard deviations",
)
def rat_growth():
    """Weights of young rats on five days, with precisions as in BUGS."""
    rat, when = crossed(6, 5)
    day = np.array([8.0, 15.0, 22.0, 29.0, 36.0])[when]
    with pm.Model() as model:
        alpha_c = pm.Normal("alpha_c", 250, tau=1e-4)
        beta_c = pm.Normal("beta_c", 6, tau=1e-2)
        tau_alpha = pm.Gamma("tau_alpha", 2, 2)
        tau_beta = pm.Gamma("tau_beta", 2, 2)
        tau_c = pm.Gamma("tau_c", 2, 2)
        alpha = pm.Normal("alpha", mu=alpha_c, tau=tau_alpha, shape=6)
        beta = pm.Normal("beta", mu=beta_c, tau=tau_beta, shape=6)
        pm.Deterministic("alpha0", alpha_c - 22.0 * beta_c)
        mu = alpha[rat] + beta[rat] * (day - 22.0)
        pm.Normal("weight", mu=mu, tau=tau_c, observed=rng().normal(240, 30, rat.size))
    return model


@animal(
    """
    mu_theta    | population mean | no           | - / logit |          |       | yes
    sigma_theta | population sd   | no           | - / logit |          |       | yes
    theta       | level           | minus        | logit     | mu_theta | b     | yes
    sigma_b     | population sd   | no           | - / logit |          |       | yes
    b           | deviation       | as it stands | logit     |          | theta | yes
    """,
    loose=[{"theta", "b"}],
    misleading="theta, the usual name of a person's ability, is the item's difficulty; b is the ability",
)
def rasch():
    """Answers of pupils to items: ability minus difficulty."""
    pupil, item = crossed(8, 5)
    with pm.Model(coords={"pupil": range(8), "item": list("ABCDE")}) as model:
        mu_theta = pm.Normal("mu_theta", 0, 1)
        sigma_theta = pm.HalfNormal("sigma_theta", 1)
        theta = pm.Normal("theta", mu_theta, sigma_theta, dims="item")
        sigma_b = pm.HalfNormal("sigma_b", 1)
        b = pm.Normal("b", 0, sigma_b, dims="pupil")
        pm.Bernoulli("right", logit_p=b[pupil] - theta[item], observed=rng().integers(0, 2, pupil.size))
    return model


@animal(
    """
    mid    | coefficient   | as it stands | probit     |             | lab, slope * data | yes
    slope  | coefficient   | times data   | probit     |             | mid, lab          | yes
    spread | population sd | no           | - / probit |             |                   | yes
    lab    | deviation     | as it stands | probit     |             | mid, slope * data | yes
    p      | computed      | no           | ?          | mid, lab, slope * data / mid, lab, slope | | no
    """,
    misleading="the formula centres log_dose, so the slope is not times log_dose",
)
def bioassay():
    """Beetles killed of those exposed, by laboratory; the dose is centred in the formula itself."""
    lab_id, step = crossed(4, 6)
    with pm.Model() as model:
        log_dose = pm.Data("log_dose", 1.6 + 0.05 * step)
        mid = pm.Normal("mid", 0, 2)
        slope = pm.LogNormal("slope", 0, 1)
        spread = pm.HalfNormal("spread", 1)
        lab = pm.ZeroSumNormal("lab", sigma=spread, shape=4)
        p = pm.Deterministic("p", pm.math.invprobit(mid + lab[lab_id] + slope * (log_dose - log_dose.mean())))
        pm.Binomial("killed", n=30, p=p, observed=rng().integers(0, 31, step.size))
    return model


@animal(
    """
    b0        | coefficient   | as it stands | log     |  | site, year, site_year / site, year, site_year, log_effort | yes
    s_site    | population sd | no           | - / log |  |                                                           | yes
    site      | deviation     | as it stands | log     |  | b0, year, site_year / b0, year, site_year, log_effort     | yes
    year      | deviation     | as it stands | log     |  | b0, site, site_year / b0, site, site_year, log_effort     | yes
    s_sy      | population sd | no           | - / log |  |                                                           | yes
    site_year | deviation     | as it stands | log     |  | b0, site, year / b0, site, year, log_effort               | yes
    phi       | shape         | no           | - / log |  |                                                           | yes
    """,
    loose=[{"b0", "site", "site_year"}],
)
def point_counts():
    """Birds at points: site, year (summing to zero) and their interaction as a matrix, with effort."""
    where, when = crossed(4, 3, times=2)
    coords = {"places": ["bog", "fen", "heath", "wood"], "years": [2019, 2020, 2021]}
    with pm.Model(coords=coords) as model:
        log_effort = pm.Data("log_effort", np.log(rng().uniform(1, 3, where.size)))
        b0 = pm.Normal("b0", 1, 1)
        s_site = pm.HalfNormal("s_site", 0.5)
        site = pm.Normal("site", 0, s_site, dims="places")
        year = pm.ZeroSumNormal("year", 0.5, dims="years")
        s_sy = pm.HalfNormal("s_sy", 0.5)
        site_year = pm.Normal("site_year", 0, s_sy, dims=("places", "years"))
        phi = pm.Exponential("phi", 1)
        eta = b0 + site[where] + year[when] + site_year[where, when] + log_effort
        pm.NegativeBinomial("n", mu=pm.math.exp(eta), alpha=phi, observed=rng().poisson(4, where.size))
    return model


@animal(
    """
    home                   | coefficient   | as it stands | log | | ?  | yes
    sd_att  @ home_goals   | cannot tell   | ?            | ?   | ? | ? | yes
    sd_att  @ away_goals   | cannot tell   | ?            | ?   | ? | ? | yes
    intercept @ home_goals | coefficient   | as it stands | log | | ?  | yes
    intercept @ away_goals | coefficient   | as it stands | log | | ?  | yes
    atts_star @ home_goals | cannot tell   | ?            | ?   | ? | ? | yes
    atts_star @ away_goals | cannot tell   | ?            | ?   | ? | ? | yes
    atts @ home_goals      | cannot tell   | ?            | ?   | ? | ? | no
    atts @ away_goals      | cannot tell   | ?            | ?   | ? | ? | no
    defs @ home_goals      | deviation     | as it stands | log | | ?  | yes
    defs @ away_goals      | deviation     | as it stands | log | | ?  | yes
    """.replace("home                  ", "home @ home_goals")
)
def rugby():
    """Goals of teams at home and away: attacks centred after the fact, defences that sum to zero."""
    host, guest = (
        side[[0, 1, 2, 3, 0, 1, 2, 3, 2, 3, 0, 1]] for side in (np.arange(4), np.array([1, 2, 3, 0]))
    )
    with pm.Model(coords={"team": ["Wales", "France", "Ireland", "Italy"]}) as model:
        home = pm.Normal("home", 0, 1)
        sd_att = pm.HalfStudentT("sd_att", nu=3, sigma=2.5)
        intercept = pm.Normal("intercept", 1, 1)
        atts_star = pm.Normal("atts_star", 0, sd_att, dims="team")
        atts = pm.Deterministic("atts", atts_star - pt.mean(atts_star), dims="team")
        defs = pm.ZeroSumNormal("defs", 1, dims="team")
        at_home = pt.exp(intercept + home + atts[host] + defs[guest])
        away = pt.exp(intercept + atts[guest] + defs[host])
        pm.Poisson("home_goals", mu=at_home, observed=rng().poisson(2, host.size))
        pm.Poisson("away_goals", mu=away, observed=rng().poisson(1, host.size))
    return model


@animal(
    """
    tau   | population sd             | no           | - / logit |  |   | yes
    skill | cannot tell / coefficient | ?            | logit / - |  | ? | yes
    white | coefficient               | as it stands | logit     |  | ? | yes
    """
)
def chess():
    """Games won by white: the skill of one player minus the skill of the other."""
    white_id, black_id = (side.ravel() for side in np.nonzero(~np.eye(5, dtype=bool)))
    with pm.Model(coords={"player": ["Ada", "Bo", "Cy", "Di", "Ed"]}) as model:
        tau = pm.HalfNormal("tau", 1)
        skill = pm.Normal("skill", 0, tau, dims="player")
        white = pm.Normal("white", 0, 1)
        pm.Bernoulli(
            "won",
            logit_p=white + skill[white_id] - skill[black_id],
            observed=rng().integers(0, 2, white_id.size),
        )
    return model


@animal(
    """
    sigma | coefficient | as it stands | log |  | beta * data, month * dummies / beta * data, month | yes
    beta  | coefficient | times data   | log |  | sigma, month * dummies / sigma, month             | yes
    month | coefficient | times dummies / in rows where dummies is 1 / as it stands | log | | sigma, beta * data | yes
    """,
    misleading="the intercept is called sigma; t is divided by 12, so beta is not times t",
)
def births():
    """Births by month: a trend in years and eleven dummies, January the reference."""
    t = np.arange(36)
    with pm.Model() as model:
        when = pm.Data("t", t)
        dummies = pm.Data("dummies", np.eye(12)[t % 12][:, 1:])
        sigma = pm.Normal("sigma", 3, 1)
        beta = pm.Normal("beta", 0, 0.1)
        month = pm.Normal("month", 0, 0.2, shape=11)
        pm.Poisson(
            "births",
            pm.math.exp(sigma + beta * when / 12 + pm.math.dot(dummies, month)),
            observed=rng().poisson(20, t.size),
        )
    return model


@animal(
    """
    a        | coefficient   | as it stands | logit | | state, age_edu, female * is_female | yes
    s_region | population sd | no / through state | - / logit | | | yes
    region   | population mean / deviation / level | through state | logit | | | yes
    b_rep    | group-level coefficient | through state | logit | | | yes
    s_state  | population sd | through state | - | | | yes
    z_state  | standardised  | through state | - | | | yes
    state    | level / deviation | as it stands | logit | region, b_rep, s_state, z_state / region, b_rep * data, s_state, z_state | a, age_edu, female * is_female | no
    s_ae     | population sd | no | - / logit | | | yes
    age_edu  | deviation     | as it stands | logit | | a, state, female * is_female | yes
    female   | coefficient   | in rows where is_female is 1 | logit | | a, state, age_edu | yes
    """,
    loose=[{"a", "state", "age_edu"}],
)
def mrp():
    """A poll by state, age, education and sex: states inside regions with the last vote as predictor."""
    st, age, edu, sex = crossed(6, 2, 2, 2)
    region_of = np.array([0, 0, 1, 1, 2, 2])
    vote = np.array([0.4, 0.5, 0.55, 0.45, 0.6, 0.35]) - 0.475
    with pm.Model() as model:
        is_female = pm.Data("is_female", sex)
        a = pm.Normal("a", 0, 1.5)
        s_region = pm.Exponential("s_region", 1)
        region = pm.Normal("region", 0, s_region, shape=3)
        b_rep = pm.Normal("b_rep", 0, 1)
        s_state = pm.Exponential("s_state", 1)
        z_state = pm.Normal("z_state", shape=6)
        state = pm.Deterministic("state", region[region_of] + b_rep * vote + s_state * z_state)
        s_ae = pm.Exponential("s_ae", 1)
        age_edu = pm.Normal("age_edu", 0, s_ae, shape=(2, 2))
        female = pm.Normal("female", 0, 1)
        logits = a + state[st] + age_edu[age, edu] + female * is_female
        pm.Binomial("yes", n=20, logit_p=logits, observed=rng().integers(0, 21, st.size))
    return model


@animal(
    """
    classroom | population mean         | no           | - / identity |                           |               | yes
    s3        | population sd           | no           | - / identity |                           |               | yes
    district  | population mean / level | no           | - / identity | classroom                 |               | yes
    s2        | population sd           | no           | - / identity |                           |               | yes
    school    | population mean / level | no           | - / identity | classroom, district       |               | yes
    s1        | population sd           | no           | - / identity |                           |               | yes
    mu        | level                   | as it stands | identity     | classroom, district, school | beta * ses  | yes
    beta      | coefficient             | times ses    | identity     |                           | mu            | yes
    nu        | shape                   | no           | - / identity |                           |               | yes
    tau       | noise                   | no           | - / identity |                           |               | yes
    """,
    misleading="mu holds the classrooms' levels and classroom the grand mean",
)
def matryoshka():
    """Pupils in classrooms in schools in districts: four storeys, all centred, Student t."""
    room, _ = crossed(12, 3)
    school_of, district_of = np.arange(12) // 2, np.arange(6) // 2
    with pm.Model() as model:
        ses = pm.Data("ses", rng().normal(size=room.size))
        grand = pm.Normal("classroom", 50, 10)
        s3 = pm.HalfCauchy("s3", 5)
        district = pm.Normal("district", grand, s3, shape=3)
        s2 = pm.HalfCauchy("s2", 5)
        school = pm.Normal("school", district[district_of], s2, shape=6)
        s1 = pm.HalfCauchy("s1", 5)
        mu = pm.Normal("mu", school[school_of], s1, shape=12)
        beta = pm.Normal("beta", 0, 5)
        nu = pm.Gamma("nu", 2, 0.1)
        tau = pm.HalfCauchy("tau", 5)
        pm.StudentT(
            "mark", nu=nu, mu=mu[room] + beta * ses, sigma=tau, observed=rng().normal(50, 9, room.size)
        )
    return model


@animal(
    """
    g00 | population mean         | no            | - / identity |                             |             | yes
    g01 | group-level coefficient | no            | - / identity |                             |             | yes
    g10 | population mean         | no            | - / identity |                             |             | yes
    g11 | group-level coefficient | no            | - / identity |                             |             | yes
    s0  | population sd           | no            | - / identity |                             |             | yes
    s1  | population sd           | no            | - / identity |                             |             | yes
    b   | level                   | as it stands  | identity     | g00, g01 / g00, g01 * size  | a * minutes | yes
    a   | level                   | times minutes | identity     | g10, g11 / g10, g11 * size  | b           | yes
    e   | noise                   | no            | - / identity |                             |             | yes
    """,
    misleading="the slopes are called a and the intercepts b",
)
def cross_level():
    """Slopes and intercepts by school, both with the school's size in their prior."""
    school, _ = crossed(5, 6)
    with pm.Model() as model:
        size = pm.Data("size", np.array([-1.2, -0.3, 0.1, 0.4, 1.0]))
        minutes = pm.Data("minutes", rng().normal(size=school.size))
        g00, g01, g10, g11 = (pm.Normal(name, 0, 2) for name in ("g00", "g01", "g10", "g11"))
        s0, s1 = pm.HalfNormal("s0", 1), pm.HalfNormal("s1", 1)
        b = pm.Normal("b", g00 + g01 * size, s0)
        a = pm.Normal("a", g10 + g11 * size, s1)
        e = pm.HalfNormal("e", 1)
        pm.Normal("marks", b[school] + a[school] * minutes, e, observed=rng().normal(size=school.size))
    return model


@animal(
    """
    m   | coefficient   | as it stands | identity     |  | ? | yes
    s_u | population sd | no           | - / identity |  |   | yes
    s_v | population sd | no           | - / identity |  |   | yes
    u   | cannot tell   | ?            | ?            |  | ? | yes
    v   | cannot tell   | ?            | ?            |  | ? | yes
    lam | cannot tell   | ?            | ?            |  | ? | yes
    e   | noise         | no           | - / identity |  |   | yes
    """
)
def tukey():
    """Two crossed terms and their product, Tukey's one degree of freedom."""
    i, j = crossed(5, 4, times=2)
    with pm.Model() as model:
        m = pm.Normal("m", 0, 5)
        s_u, s_v = pm.HalfNormal("s_u", 1), pm.HalfNormal("s_v", 1)
        u = pm.Normal("u", 0, s_u, shape=5)
        v = pm.Normal("v", 0, s_v, shape=4)
        lam = pm.Normal("lam", 0, 1)
        e = pm.HalfNormal("e", 1)
        mean = m + u[i] + v[j] + lam * u[i] * v[j]
        pm.Normal("y", mean, e, observed=rng().normal(size=i.size))
    return model


@animal(
    """
    m1      | population mean | no           | - / identity |    |         | yes
    mu      | population sd   | no           | - / identity |    |         | yes
    machine | level           | as it stands | identity     | m1 | worker  | yes
    worker  | deviation       | as it stands | identity     |    | machine | yes
    a       | noise           | no           | - / identity |    |         | yes
    """,
    loose=[{"machine", "worker"}],
    misleading="the sd that both populations share is called mu, and the noise a",
)
def one_spread_for_two():
    """Output by machine and worker: two populations with one sd."""
    i, j = crossed(4, 5, times=2)
    with pm.Model() as model:
        m1 = pm.Normal("m1", 10, 5)
        mu = pm.HalfNormal("mu", 2)
        machine = pm.Normal("machine", m1, mu, shape=4)
        worker = pm.Normal("worker", 0, mu, shape=5)
        a = pm.HalfNormal("a", 1)
        pm.Normal("output", machine[i] + worker[j], a, observed=rng().normal(10, 2, i.size))
    return model


@animal(
    """
    start | coefficient   | as it stands         | log |  | s * z1, s * z2 / f(s, z1, z2) | yes
    s     | population sd | times z1 + times z2 / times z1, z2 | - |  | start / start, s * z1, s * z2 | yes
    z1    | standardised  | times s              | -   |  | start, s * z2          | yes
    z2    | standardised  | times s              | -   |  | start, s * z1          | yes
    """,
    loose=[{"start", "s * z1", "s * z2"}],
)
def one_spread_for_two_apart():
    """The same kind, non-centred: one sd times the sum of two standardised terms."""
    i, j = crossed(4, 5, times=2)
    with pm.Model() as model:
        start = pm.Normal("start", 1, 1)
        s = pm.HalfNormal("s", 0.5)
        z1 = pm.Normal("z1", 0, 1, shape=4)
        z2 = pm.Normal("z2", 0, 1, shape=5)
        mean = pm.math.exp(start + s * (z1[i] + z2[j]))
        pm.Poisson("hits", mean, observed=rng().poisson(3, i.size))
    return model


@animal(
    """
    mu  | coefficient                 | as it stands | identity     |  | ? | yes
    s   | cannot tell / population sd | ?            | ?            |  |   | yes
    a   | cannot tell                 | ?            | ?            |  | ? | yes
    eps | noise                       | no           | - / identity |  |   | yes
    """,
    misleading="a looks like a deviation; only its distance from the mean of the sample of groups enters",
)
def centred_in_the_formula():
    """A group's term from which its own mean is subtracted where it is used."""
    (i,) = crossed(5, times=5)
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 5)
        s = pm.HalfNormal("s", 1)
        a = pm.Normal("a", 0, s, shape=5)
        eps = pm.HalfNormal("eps", 1)
        pm.Normal("y", mu + (a - a.mean())[i], eps, observed=rng().normal(size=i.size))
    return model


@animal(
    """
    cutpoints | cut-point   | as it stands | logit | | ? | yes
    bA        | coefficient | minus, in rows where A is 1 | logit | | ? | yes
    bC        | coefficient | minus, in rows where C is 1 | logit | | ? | yes
    bI        | coefficient | minus, in rows where I is 1 | logit | | ? | yes
    bIA       | coefficient | minus, in rows where data is 1 / minus, in rows where A * I is 1 | logit | | ? | yes
    bIC       | coefficient | minus, in rows where data is 1 / minus, in rows where C * I is 1 | logit | | ? | yes
    R_probs   | computed    | no           | ?     | ? |   | no
    """
)
def trolley_interactions():
    """Moral judgements: action, contact, intention and their interactions, ordered logistic."""
    a, c, i, _ = crossed(2, 2, 2, 4)
    with pm.Model() as model:
        A, C, I = pm.Data("A", a), pm.Data("C", c), pm.Data("I", i)  # noqa: E741
        bA, bC, bI, bIA, bIC = (pm.Normal(name, 0, 0.5) for name in ("bA", "bC", "bI", "bIA", "bIC"))
        BI = bI + bIA * A + bIC * C
        phi = bA * A + bC * C + BI * I
        cutpoints = pm.Normal(
            "cutpoints",
            mu=0,
            sigma=1.5,
            shape=4,
            transform=pm.distributions.transforms.ordered,
            initval=np.arange(4) - 2.0,
        )
        cutpoints = model["cutpoints"]
        pm.OrderedLogistic("R", eta=phi, cutpoints=cutpoints, observed=rng().integers(0, 5, a.size))
    return model


@animal(
    """
    b       | coefficient | minus, times data | logit | | ? | yes
    cut     | cut-point   | as it stands      | logit | | ? | yes
    y_probs | computed    | no                | ?     | ? |   | no
    """
)
def cut_points_by_country():
    """Ratings by country, whose people use the scale differently: each country has its own cut-points."""
    country, _ = crossed(4, 30)
    x = rng().normal(size=country.size)
    with pm.Model() as model:
        b = pm.Normal("b", 0, 1)
        cut = pm.Normal(
            "cut",
            np.array([-1, 1]),
            1,
            shape=(4, 2),
            transform=pm.distributions.transforms.ordered,
            initval=np.tile([-1.0, 1.0], (4, 1)),
        )
        pm.OrderedLogistic(
            "y", eta=b * x, cutpoints=cut[country], observed=rng().integers(0, 3, country.size)
        )
    return model


@animal(
    """
    a_bar | population mean | no           | - / logit |       |  | yes
    sigma | population sd   | no           | - / logit |       |  | yes
    a     | level           | as it stands | logit     | a_bar |  | yes
    p     | computed        | no           | ?         | a     |  | no
    delta | computed        | no           | ?         | a / - / p |  | no
    """
)
def admissions():
    """Admissions by gender and department: a matrix of levels around the department's mean."""
    gid, did = crossed(2, 6)
    with pm.Model(coords={"gender": ["male", "female"], "dept": list("ABCDEF")}) as model:
        a_bar = pm.Normal("a_bar", 0, 1.5, dims="dept")
        sigma = pm.Exponential("sigma", 1)
        a = pm.Normal("a", a_bar[None, :], sigma, dims=("gender", "dept"))
        p = pm.Deterministic("p", pm.math.invlogit(a[gid, did]))
        pm.Deterministic("delta", pm.math.invlogit(a[0]) - pm.math.invlogit(a[1]), dims="dept")
        pm.Binomial("admit", n=50, p=p, observed=rng().integers(0, 51, gid.size))
    return model


@animal(
    """
    mean_effect | population mean    | through effect | log | | | yes
    chol        | correlation factor | through effect | - / log | | | yes
    chol_corr   | computed           | no             | ? | ? | | no
    chol_stds   | computed / population sd | no       | ? | ? | | no
    raw         | standardised       | through effect | - | | | yes
    effect      | level              | as it stands + times hours | log | mean_effect, chol, raw | ? | no
    """
)
def two_columns():
    """Typing errors by person and hours awake: both columns of one Deterministic, LKJ, non-centred."""
    who, _ = crossed(6, 5)
    with pm.Model() as model:
        hours = pm.Data("hours", rng().normal(size=who.size))
        mean_effect = pm.Normal("mean_effect", 0, 1, shape=2)
        chol, _, _ = pm.LKJCholeskyCov("chol", n=2, eta=2, sd_dist=pm.Exponential.dist(1, shape=2))
        raw = pm.Normal("raw", 0, 1, shape=(2, 6))
        effect = pm.Deterministic("effect", mean_effect + pt.dot(chol, raw).T)
        pm.Poisson(
            "errors",
            pm.math.exp(effect[who, 0] + effect[who, 1] * hours),
            observed=rng().poisson(3, who.size),
        )
    return model


@animal(
    """
    eps | coefficient   | as it stands | log     |  | obs, z * depth | yes
    z   | coefficient   | times depth  | log     |  | eps, obs       | yes
    b   | population sd | no           | - / log |  |                | yes
    obs | deviation     | as it stands | log     |  | eps, z * depth | yes
    mu  | computed      | no           | ?       | eps, obs, z * depth / eps, obs, z | | no
    """,
    loose=[{"eps", "obs"}],
    misleading="the intercept is called eps, the slope z and the sd b",
)
def one_term_per_row():
    """Snails by quadrat: a Poisson with a deviation for every row."""
    n = 12
    with pm.Model(coords={"quadrat": np.arange(n)}) as model:
        depth = pm.Data("depth", rng().normal(size=n), dims="quadrat")
        eps = pm.Normal("eps", 0, 2)
        z = pm.Normal("z", 0, 1)
        b = pm.HalfNormal("b", 1)
        obs = pm.Normal("obs", 0, b, dims="quadrat")
        mu = pm.Deterministic("mu", pm.math.exp(eps + z * depth + obs), dims="quadrat")
        pm.Poisson("snails", mu, observed=rng().poisson(4, n), dims="quadrat")
    return model


@animal(
    """
    b0           | coefficient      | as it stands | identity     |  | b1 * x | yes
    b1           | coefficient      | times x      | identity     |  | b0     | yes
    g0           | noise            | no           | - / identity |  |        | yes
    g1           | noise            | no           | - / identity |  |        | yes
    nu_minus_one | shape            | no           | - / identity |  |        | yes
    nu           | shape / computed | no           | - / identity | ? |       | no
    """,
    misleading="g0 and g1 look like coefficients; they make the noise, not the mean",
)
def uneven():
    """Robust regression whose noise grows with x, nu from 1 on."""
    n = 20
    with pm.Model() as model:
        x = pm.Data("x", rng().normal(size=n))
        b0, b1 = pm.Normal("b0", 0, 5), pm.Normal("b1", 0, 5)
        g0, g1 = pm.Normal("g0", 0, 1), pm.Normal("g1", 0, 1)
        nu = pm.Deterministic("nu", pm.Exponential("nu_minus_one", 1 / 29) + 1)
        pm.StudentT("y", nu=nu, mu=b0 + b1 * x, sigma=pt.exp(g0 + g1 * x), observed=rng().normal(size=n))
    return model


@animal(
    """
    β₀    | coefficient   | as it stands | cloglog     |  | Ort, β_Licht * Licht / Ort, β_Licht * Licht, log_Tage | yes
    σ_Ort | population sd | through Ort  | -           |  |                                                       | yes
    z_Ort | standardised  | through Ort  | -           |  |                                                       | yes
    Ort   | deviation     | as it stands | cloglog     | σ_Ort, z_Ort | β₀, β_Licht * Licht / β₀, β_Licht * Licht, log_Tage | no
    β_Licht | coefficient | times Licht  | cloglog     |  | β₀, Ort / β₀, Ort, log_Tage                           | yes
    η     | computed      | no           | ?           | β₀, Ort, β_Licht * Licht / β₀, Ort, β_Licht / β₀, Ort, β_Licht * Licht, log_Tage | | no
    p     | computed      | no           | ?           | β₀, Ort, β_Licht * Licht / β₀, Ort, β_Licht / β₀, Ort, β_Licht * Licht, log_Tage / η | | no
    """,
    loose=[{"β₀", "Ort"}],
)
def keimlinge():
    """Seedlings that emerge: complementary log-log with the log of the days, in Greek and German."""
    ort, _ = crossed(5, 4)
    with pm.Model(coords={"Ort_": ["Süd", "Nord", "Ost", "West", "Mitte"]}) as model:
        licht = pm.Data("Licht", rng().normal(size=ort.size))
        log_tage = pm.Data("log_Tage", np.log(rng().uniform(1, 9, ort.size)))
        b0 = pm.Normal("β₀", -2, 1)
        s = pm.HalfNormal("σ_Ort", 1)
        z = pm.Normal("z_Ort", dims="Ort_")
        u = pm.Deterministic("Ort", s * z, dims="Ort_")
        b = pm.Normal("β_Licht", 0, 1)
        eta = pm.Deterministic("η", b0 + u[ort] + b * licht + log_tage)
        p = pm.Deterministic("p", 1 - pm.math.exp(-pm.math.exp(eta)))
        pm.Binomial("Keimlinge", n=12, p=p, observed=rng().integers(0, 13, ort.size))
    return model


@animal(
    """
    intercept | coefficient | as it stands | identity     |  | sigma * z, tau * sex, half * arm, age * data | yes
    sigma     | coefficient | times z      | identity     |  | intercept, tau * sex, half * arm, age * data | yes
    tau       | coefficient | times sex    | identity     |  | intercept, sigma * z, half * arm, age * data | yes
    half      | coefficient | times arm    | identity     |  | intercept, sigma * z, tau * sex, age * data  | yes
    age       | coefficient | times data   | identity     |  | intercept, sigma * z, tau * sex, half * arm  | yes
    noise     | noise       | no           | - / identity |  |                                              | yes
    """,
    misleading="sigma and tau are slopes that must be positive, z is data, sex is coded 1 and 2, years are tens",
)
def codings():
    """Blood pressure with every coding that is not 0 or 1."""
    n = 24
    with pm.Model() as model:
        z = pm.Data("z", rng().normal(size=n))
        sex = pm.Data("sex", np.arange(n) % 2 + 1)
        arm = pm.Data("arm", (np.arange(n) // 2) % 2 - 0.5)
        years = pm.Data("years", rng().uniform(20, 70, n))
        intercept = pm.Normal("intercept", 120, 20)
        sigma = pm.HalfNormal("sigma", 5)
        tau = pm.Exponential("tau", 1)
        half = pm.Normal("half", 0, 5)
        age = pm.Normal("age", 0, 5)
        noise = pm.HalfNormal("noise", 10)
        mu = intercept + sigma * z + tau * sex + half * arm + age * (years / 10)
        pm.Normal("pressure", mu, noise, observed=rng().normal(130, 10, n))
    return model


@animal(
    """
    a_bar | population mean | no                           | - / logit |       |             | yes
    s     | population sd   | no                           | - / logit |       |             | yes
    a     | level           | as it stands                 | logit     | a_bar | b * treated | yes
    b     | coefficient     | in rows where treated is 1   | logit     |       | a           | yes
    """,
    misleading="a_bar stands in the formula twice and cancels",
)
def cancels():
    """The mean and the distance from it, written out, so that the mean drops out of the sum."""
    i, arm = crossed(5, 2, times=3)
    with pm.Model() as model:
        treated = pm.Data("treated", arm)
        a_bar = pm.Normal("a_bar", 0, 1)
        s = pm.HalfNormal("s", 1)
        a = pm.Normal("a", a_bar, s, shape=5)
        b = pm.Normal("b", 0, 1)
        logits = a_bar + (a[i] - a_bar) + b * treated
        pm.Bernoulli("recovered", logit_p=logits, observed=rng().integers(0, 2, i.size))
    return model


@animal(
    """
    a_bar | coefficient         | as it stands | identity     |          | dev   | yes
    s     | population sd       | ?            | ?            |          | ?     | yes
    a     | level / cannot tell | through dev  | identity / - | a_bar / - |       | yes
    dev   | deviation           | as it stands | identity     | a, a_bar | a_bar | no
    e     | noise               | no           | - / identity |          |       | yes
    """,
    loose=[{"a_bar", "dev"}],
    misleading="the levels are drawn, and their distances from the mean are what the formula adds",
)
def distances():
    """Levels, and the distances from their mean under a name of their own."""
    (i,) = crossed(5, times=5)
    with pm.Model() as model:
        a_bar = pm.Normal("a_bar", 0, 1)
        s = pm.HalfNormal("s", 1)
        a = pm.Normal("a", a_bar, s, shape=5)
        dev = pm.Deterministic("dev", a - a_bar)
        e = pm.HalfNormal("e", 1)
        pm.Normal("y", a_bar + dev[i], e, observed=rng().normal(size=i.size))
    return model


@animal(
    """
    s_u @ marker      | population sd | no           | - / identity |  |       | yes
    u @ marker        | deviation     | as it stands | identity     |  | b0    | yes
    b0 @ marker       | coefficient   | as it stands | identity     |  | u     | yes
    sigma @ marker    | noise         | no           | - / identity |  |       | yes
    c0 @ relapse      | coefficient   | as it stands | logit        |  | ?     | yes
    gamma @ relapse   | cannot tell / coefficient   | ? | ? |  | ? | yes
    u @ relapse       | cannot tell / deviation     | ? | ? |  | ? | yes
    s_u @ relapse     | population sd | ?            | ?            |  | ?     | yes
    """
)
def joint():
    """A marker and a relapse: the patient's deviation enters the second times an association."""
    (i,) = crossed(8, times=3)
    with pm.Model() as model:
        s_u = pm.HalfNormal("s_u", 1)
        u = pm.Normal("u", 0, s_u, shape=8)
        b0 = pm.Normal("b0", 0, 1)
        sigma = pm.HalfNormal("sigma", 1)
        pm.Normal("marker", b0 + u[i], sigma, observed=rng().normal(size=i.size))
        c0, gamma = pm.Normal("c0", 0, 1), pm.Normal("gamma", 0, 1)
        pm.Bernoulli("relapse", logit_p=c0 + gamma * u, observed=rng().integers(0, 2, 8))
    return model


@animal(
    """
    mu_b      | population mean | no           | - / log |      |          | yes
    s_b       | population sd   | no           | - / log |      |          | yes
    b         | level           | times price  | log     | mu_b | a, c * promo | yes
    a         | coefficient     | as it stands | log     |      | b * price, c * promo | yes
    c         | coefficient     | in rows where promo is 1 / times promo | log | | a, b * price | yes
    """,
    misleading="only the slopes vary by shop; c is negative by its prior (minus a positive one)",
)
def shops():
    """Sales by price with a slope per shop, the index reversed, and a transposed table of prices."""
    (i,) = crossed(4, times=6)
    shop = i[::-1].copy()
    with pm.Model() as model:
        price = pm.Data("price", rng().normal(size=(1, i.size)))
        promo = pm.Data("promo", (np.arange(i.size) % 3 == 0).astype(int))
        mu_b = pm.Normal("mu_b", -1, 1)
        s_b = pm.HalfNormal("s_b", 1)
        b = pm.Normal("b", mu_b, s_b, shape=(4, 1))
        a = pm.Normal("a", 2, 1)
        c = pm.Normal("c", 0, 1)
        eta = a + b[shop, 0] * price[0] + c * promo
        pm.Poisson("sold", pm.math.exp(eta), observed=rng().poisson(5, i.size))
    return model


# ---- what must be refused -----------------------------------------------------------------------------------


@untold("level", reason=("prior", "ar", "walk", "series"))
def autoregression():
    """Weekly sales with an autoregressive level."""
    with pm.Model() as model:
        rho = pm.Normal("rho", 0, 0.5)
        sd = pm.HalfNormal("sd", 1)
        level = pm.AR("level", rho=rho, sigma=sd, init_dist=pm.Normal.dist(0, 1), steps=11)
        promo = pm.Normal("promo", 0, 1)
        pm.Poisson("sold", pm.math.exp(level + promo * (np.arange(12) % 2)), observed=rng().poisson(3, 12))
    return model


@untold("walk", reason=("prior", "walk", "series"))
def random_walk():
    """A poll's average as a random walk over the weeks."""
    week, _ = crossed(6, 3)
    with pm.Model() as model:
        sd = pm.HalfNormal("sd", 1)
        walk = pm.GaussianRandomWalk("walk", mu=0, sigma=sd, init_dist=pm.Normal.dist(0, 1), shape=6)
        pm.Binomial("yes", n=100, logit_p=walk[week], observed=rng().integers(30, 70, week.size))
    return model


@animal(
    """
    sd    | population sd | times steps, times data | -  |  |  | yes
    steps | standardised  | times sd, times data    | -  |  |  | yes
    """
)
def hand_made_walk():
    """A random walk as a cumulative sum of standardised steps under a free sd."""
    with pm.Model() as model:
        sd = pm.HalfNormal("sd", 1)
        steps = pm.Normal("steps", 0, 1, shape=12)
        pm.Normal("y", pt.cumsum(sd * steps), 1.0, observed=rng().normal(size=12))
    return model


@untold("gp_hsgp_coeffs", reason=("prior", "product", "multipl", "gaussian", "process", "bend"))
def smooth():
    """A smooth curve by Hilbert-space Gaussian process."""
    X = np.linspace(0, 1, 15)[:, None]
    with pm.Model() as model:
        ell = pm.InverseGamma("ell", 5, 5)
        eta = pm.Exponential("eta", 1)
        gp = pm.gp.HSGP(m=[6], c=1.5, cov_func=eta**2 * pm.gp.cov.ExpQuad(1, ls=ell))
        f = gp.prior("gp", X=X)
        pm.Normal("y", f, 0.5, observed=rng().normal(size=15))
    return model


@untold("disc", "theta", "diff", reason=("product", "multipl", "bend"))
def two_parameters():
    """Item response with discriminations: a[item] * (theta[person] - b[item])."""
    person, item = crossed(6, 5)
    with pm.Model() as model:
        disc = pm.LogNormal("disc", 0, 0.5, shape=5)
        theta = pm.Normal("theta", 0, 1, shape=6)
        s_diff = pm.HalfNormal("s_diff", 1)
        diff = pm.Normal("diff", 0, s_diff, shape=5)
        pm.Bernoulli(
            "right",
            logit_p=disc[item] * (theta[person] - diff[item]),
            observed=rng().integers(0, 2, item.size),
        )
    return model


@untold("slope", "ed50", reason=("product", "multipl", "bend", "alone"))
def ed50_curve():
    """Dose and response by the dose of half effect: slope * (x - ed50)."""
    x = np.tile(np.linspace(-2, 2, 6), 3)
    with pm.Model() as model:
        slope = pm.HalfNormal("slope", 2)
        ed50 = pm.Normal("ed50", 0, 1)
        pm.Binomial("dead", n=10, logit_p=slope * (x - ed50), observed=rng().integers(0, 11, x.size))
    return model


@untold("b", reason=("distribution",))
def hurdle():
    """Cigarettes a day, most of them none."""
    x = rng().normal(size=20)
    with pm.Model() as model:
        b = pm.Normal("b", 0, 1)
        psi = pm.Beta("psi", 2, 2)
        pm.HurdlePoisson("smoked", psi=psi, mu=pm.math.exp(1 + b * x), observed=rng().poisson(1, 20))
    return model


@animal(
    """
    b    | coefficient | in rows where data is 1 | logit     |  |  | yes
    conc | shape       | no                      | - / logit |  |  | yes
    """
)
def beta_binomial():
    """Admissions as beta-binomial, the mean on the logit scale and a concentration."""
    x = np.tile([0.0, 1.0], 6)
    with pm.Model() as model:
        b = pm.Normal("b", 0, 1)
        conc = pm.Exponential("conc", 1)
        p = pm.math.invlogit(b * x)
        pm.BetaBinomial(
            "admitted", alpha=p * conc, beta=(1 - p) * conc, n=20, observed=rng().integers(0, 21, 12)
        )
    return model


@untold("bE", "delta", reason=("dirichlet", "product", "multipl", "prior"))
def monotonic():
    """Education as a monotonic effect: a slope times the running sum of a simplex."""
    edu, _ = crossed(4, 6)
    with pm.Model() as model:
        a = pm.Normal("a", 0, 1)
        bE = pm.Normal("bE", 0, 1)
        delta = pm.Dirichlet("delta", np.ones(3) * 2)
        share = pt.concatenate([[0.0], pt.cumsum(delta)])
        pm.Normal("y", a + bE * share[edu], 1.0, observed=rng().normal(size=edu.size))
    return model


@untold("phi", "tau", reason=("dirichlet", "product", "multipl", "prior", "bend"))
def shares_of_variance():
    """Slopes whose variances share a total by a Dirichlet."""
    X = rng().normal(size=(20, 4))
    with pm.Model() as model:
        tau = pm.HalfNormal("tau", 1)
        phi = pm.Dirichlet("phi", np.ones(4))
        z = pm.Normal("z", 0, 1, shape=4)
        pm.Normal("y", pm.math.dot(X, z * tau * pm.math.sqrt(phi)), 1.0, observed=rng().normal(size=20))
    return model


# ---- a second lot, written after the first was mended ----------------------------------------------------------


@animal(
    """
    a    | coefficient | as it stands            | logit |  | b * dose, c * arm, d * dose * arm / b * dose, c * arm, d * data | yes
    b    | coefficient | times dose              | logit |  | a, c * arm, d * dose * arm / a, c * arm, d * data | yes
    c    | coefficient | in rows where arm is 1  | logit |  | a, b * dose, d * dose * arm / a, b * dose, d * data | yes
    d    | coefficient | times dose * arm / times data | logit | | a, b * dose, c * arm | yes
    """,
    misleading="the interaction is times two data, one of them whole numbers",
)
def dose_by_arm():
    """A dose, an arm and their interaction, as pm.Data of different types."""
    arm, _ = crossed(2, 10)
    with pm.Model() as model:
        dose = pm.Data("dose", rng().uniform(1, 4, arm.size))
        arm = pm.Data("arm", arm)
        a, b, c, d = (pm.Normal(name, 0, 1) for name in "abcd")
        logits = a + b * dose + c * arm + d * dose * arm
        pm.Bernoulli("cured", logit_p=logits, observed=rng().integers(0, 2, 20))
    return model


@animal(
    """
    alpha | coefficient | as it stands | log     |  | beta * data, gamma * data | yes
    beta  | coefficient | times data   | log     |  | alpha, gamma * data       | yes
    gamma | coefficient | times data   | log     |  | alpha, beta * data        | yes
    """,
    misleading="population and year are named data, but their log and square are what is multiplied",
)
def tools():
    """Tools by the log of the population and the square of the year."""
    n = 14
    with pm.Model() as model:
        population = pm.Data("population", rng().uniform(100, 9000, n))
        year = pm.Data("year", rng().uniform(1, 3, n))
        alpha, beta, gamma = (pm.Normal(name, 0, 0.3) for name in ("alpha", "beta", "gamma"))
        eta = alpha + beta * pm.math.log(population) / 5 + gamma * year**2
        pm.Poisson("tools", pm.math.exp(eta), observed=rng().poisson(9, n))
    return model


@animal(
    """
    a0   | coefficient | as it stands | identity     |  | w * data | yes
    w    | coefficient | times data   | identity     |  | a0       | yes
    s    | noise       | no           | - / identity |  |          | yes
    """,
    misleading="X is named and centred before it is multiplied",
)
def centred_matrix():
    """A matrix of predictors that the model itself centres."""
    with pm.Model() as model:
        X = pm.Data("X", rng().normal(3, 1, size=(20, 3)))
        a0 = pm.Normal("a0", 0, 5)
        w = pm.Normal("w", 0, 1, shape=3)
        s = pm.HalfNormal("s", 1)
        pm.Normal("y", a0 + (X - X.mean(axis=0)) @ w, s, observed=rng().normal(size=20))
    return model


@animal(
    """
    mu_a | population mean         | no           | - / log |             |          | yes
    g    | group-level coefficient | no           | - / log |             |          | yes
    tau  | population sd           | no           | - / log |             |          | yes
    a    | level                   | as it stands | log     | mu_a, g / mu_a, g * data | b * rain | yes
    b    | coefficient             | times rain   | log     |             | a        | yes
    """,
    misleading="two kinds of sites have two sds, and the predictor of the sites is centred in the prior",
)
def two_spreads():
    """Frogs by pond: the ponds' levels have a predictor, and one sd for each of two kinds of ponds."""
    pond, _ = crossed(6, 4)
    with pm.Model() as model:
        area = pm.Data("area", rng().normal(5, 2, 6))
        rain = pm.Data("rain", rng().normal(size=pond.size))
        mu_a = pm.Normal("mu_a", 0, 1)
        g = pm.Normal("g", 0, 1)
        tau = pm.HalfNormal("tau", 1, shape=2)
        a = pm.Normal("a", mu_a + g * (area - area.mean()), tau[np.array([0, 0, 1, 1, 0, 1])], shape=6)
        b = pm.Normal("b", 0, 1)
        pm.Poisson("frogs", pm.math.exp(a[pond] + b * rain), observed=rng().poisson(2, pond.size))
    return model


@animal(
    """
    mu_i  | population mean | no | - / identity | | | yes
    mu_s  | population mean | no | - / identity | | | yes
    chol  | correlation factor | no | - / identity | | | yes
    chol_corr | computed | no | ? | ? | | no
    chol_stds | computed / population sd | no | ? | ? | | no
    ab    | level | as it stands + times hour | identity | mu_i, mu_s | ? | yes
    e     | noise | no | - / identity | | | yes
    """
)
def stacked_means():
    """Waiting times: a mean for the intercepts and one for the slopes, stacked in the prior."""
    cafe, _ = crossed(6, 5)
    with pm.Model() as model:
        hour = pm.Data("hour", rng().normal(size=cafe.size))
        mu_i, mu_s = pm.Normal("mu_i", 3, 2), pm.Normal("mu_s", 0, 1)
        chol, _, _ = pm.LKJCholeskyCov("chol", n=2, eta=2, sd_dist=pm.Exponential.dist(1, shape=2))
        ab = pm.MvNormal("ab", mu=pt.stack([mu_i, mu_s]), chol=chol, shape=(6, 2))
        e = pm.Exponential("e", 1)
        pm.Normal("wait", ab[cafe, 0] + ab[cafe, 1] * hour, e, observed=rng().normal(3, 1, cafe.size))
    return model


@animal(
    """
    ref  | coefficient | as it stands | identity     |  | diff / diff * data | yes
    diff | coefficient | in rows where data is 1 / as it stands | identity | | ref | yes
    s    | noise       | no           | - / identity |  |          | yes
    """,
    misleading="diff has no entry for the first group",
)
def against_a_reference():
    """Treatments against the first one, whose difference is zero by construction."""
    arm, _ = crossed(4, 5)
    with pm.Model() as model:
        ref = pm.Normal("ref", 0, 5)
        diff = pm.Normal("diff", 0, 2, shape=3)
        s = pm.HalfNormal("s", 1)
        mean = ref + pt.concatenate([[0.0], diff])[arm]
        pm.Normal("y", mean, s, observed=rng().normal(size=arm.size))
    return model


@animal(
    """
    b0    | coefficient   | as it stands | log     |  | site / site, known numbers | yes
    s     | population sd | no           | - / log |  |      | yes
    site  | deviation     | as it stands | log     |  | b0   | yes
    """,
    loose=[{"b0", "site"}],
    misleading="the area multiplies the mean and is not in the sum by name",
)
def area_outside():
    """Plants per site, the area as a factor of the mean."""
    where, _ = crossed(5, 3)
    with pm.Model() as model:
        area = pm.Data("area", rng().uniform(1, 4, where.size))
        b0 = pm.Normal("b0", 0, 1)
        s = pm.HalfNormal("s", 1)
        site = pm.Normal("site", 0, s, shape=5)
        pm.Poisson("plants", area * pm.math.exp(b0 + site[where]), observed=rng().poisson(4, where.size))
    return model


@animal(
    """
    theta | coefficient | as it stands | identity |  |  | yes
    """
)
def beta_per_group():
    """A proportion per clinic with a prior of its own and no population."""
    (clinic,) = crossed(4, times=2)
    with pm.Model() as model:
        theta = pm.Beta("theta", 2, 2, shape=4)
        pm.Binomial("better", n=10, p=theta[clinic], observed=rng().integers(0, 11, clinic.size))
    return model


@animal(
    """
    mu    | population mean  | through county        | identity     |         |          | yes
    s1    | population sd    | through county, state / through county | - |  |          | yes
    z1    | standardised     | through county, state / through county | - |  |          | yes
    state | population mean / level | through county | identity     | mu, s1, z1 |       | no
    s2    | population sd    | through county        | -            |         |          | yes
    z2    | standardised     | through county        | -            |         |          | yes
    county | level           | as it stands          | identity     | state, s2, z2, mu, s1, z1 | b * year | no
    b     | coefficient      | times year            | identity     |         | county   | yes
    e     | noise            | no                    | - / identity |         |          | yes
    """
)
def nested_apart():
    """Counties in states, both non-centred and under names of their own."""
    county_id, _ = crossed(6, 4)
    state_of = np.array([0, 0, 1, 1, 2, 2])
    with pm.Model() as model:
        year = pm.Data("year", rng().normal(size=county_id.size))
        mu = pm.Normal("mu", 0, 5)
        s1 = pm.HalfNormal("s1", 1)
        z1 = pm.Normal("z1", 0, 1, shape=3)
        state = pm.Deterministic("state", mu + s1 * z1)
        s2 = pm.HalfNormal("s2", 1)
        z2 = pm.Normal("z2", 0, 1, shape=6)
        county = pm.Deterministic("county", state[state_of] + s2 * z2)
        b = pm.Normal("b", 0, 1)
        e = pm.HalfNormal("e", 1)
        pm.Normal("y", county[county_id] + b * year, e, observed=rng().normal(size=county_id.size))
    return model


@animal(
    """
    centre | population mean | no           | - / identity |        |      | yes
    log_s  | cannot tell     | ?            | ?            |        | ?    | yes
    s      | population sd   | no           | - / identity | ?      |      | no
    dof    | cannot tell     | ?            | ?            |        | ?    | yes
    a      | level / cannot tell | as it stands | identity | centre | b    | yes
    b      | coefficient     | as it stands | identity     |        | a    | yes
    e      | noise           | no           | - / identity |        |      | yes
    """,
    loose=[{"a", "b"}],
)
def robust_population():
    """Levels with Student t tails, the population's scale as a logarithm."""
    i, j = crossed(5, 3, times=2)
    with pm.Model() as model:
        centre = pm.Normal("centre", 0, 1)
        log_s = pm.Normal("log_s", 0, 1)
        s = pm.Deterministic("s", pt.exp(log_s))
        dof = pm.Gamma("dof", 2, 0.1)
        a = pm.StudentT("a", nu=dof, mu=centre, sigma=s, shape=5)
        b = pm.Normal("b", 0, 1, shape=3)
        e = pm.HalfNormal("e", 1)
        pm.Normal("y", a[i] + b[j], e, observed=rng().normal(size=i.size))
    return model


@animal(
    """
    shared | population mean | no                          | - / logit |        |            | yes
    s_a    | population sd   | no                          | - / logit |        |            | yes
    s_b    | population sd   | no                          | - / logit |        |            | yes
    a      | level           | in rows where early is 1    | logit     | shared | b * data   | yes
    b      | level           | in rows where data is 1     | logit     | shared | a * early  | yes
    """,
    misleading="two sets of levels with one mean, of which each row uses one by a switch",
)
def early_or_late():
    """Two sets of levels around one mean; a switch picks the set."""
    i, half = crossed(5, 2, times=3)
    with pm.Model() as model:
        early = pm.Data("early", half)
        shared = pm.Normal("shared", 0, 1)
        s_a, s_b = pm.HalfNormal("s_a", 1), pm.HalfNormal("s_b", 1)
        a = pm.Normal("a", shared, s_a, shape=5)
        b = pm.Normal("b", shared, s_b, shape=5)
        pm.Bernoulli(
            "yes", logit_p=pm.math.switch(pt.eq(early, 1), a[i], b[i]), observed=rng().integers(0, 2, i.size)
        )
    return model


@animal(
    """
    a     | coefficient | as it stands | identity     |  | b * x | yes
    b     | coefficient | times x      | identity     |  | a     | yes
    trend | computed    | no           | ?            | b / b * x |   | no
    mu    | computed    | no           | ?            | a, b / a, trend / a, b * x |  | no
    e     | noise       | no           | - / identity |  |       | yes
    """,
    misleading="the trend of each row has a name of its own and is in the formula",
)
def stored_trend():
    """A line whose slope times x is stored row by row and used."""
    n = 16
    with pm.Model() as model:
        x = pm.Data("x", rng().normal(size=n))
        a, b = pm.Normal("a", 0, 5), pm.Normal("b", 0, 1)
        trend = pm.Deterministic("trend", b * x)
        mu = pm.Deterministic("mu", a + trend)
        e = pm.HalfNormal("e", 1)
        pm.Normal("y", mu, e, observed=rng().normal(size=n))
    return model


@animal(
    """
    a     | coefficient | as it stands | probit |  | minus_b * cost / b * cost | yes
    b     | coefficient | minus, times cost / times cost | probit | | a | yes
    """,
    misleading="the slope is positive by its prior and subtracted",
)
def aversion():
    """Buying or not by cost, with an aversion that must be positive; the probit written with erf."""
    n = 20
    with pm.Model() as model:
        cost = pm.Data("cost", rng().uniform(0.5, 3, n))
        a = pm.Normal("a", 0, 1)
        b = pm.HalfNormal("b", 1)
        eta = a - b * cost
        p = 0.5 * (1 + pt.erf(eta / np.sqrt(2)))
        pm.Bernoulli("bought", p, observed=rng().integers(0, 2, n))
    return model


@animal(
    """
    s    | population sd             | no           | - / identity |  |   | yes
    who  | coefficient / cannot tell | ?            | identity / - |  | ? | yes
    base | coefficient               | as it stands | identity     |  | ? | yes
    e    | noise                     | no           | - / identity |  |   | yes
    """,
    loose=[{"who", "base"}],
    misleading="each row uses two entries of who, half of each",
)
def pairs():
    """Scores of pairs: the mean of two persons."""
    i, j = (side.ravel() for side in np.nonzero(np.triu(np.ones((6, 6)), 1)))
    with pm.Model() as model:
        s = pm.HalfNormal("s", 1)
        who = pm.Normal("who", 0, s, shape=6)
        base = pm.Normal("base", 0, 5)
        e = pm.HalfNormal("e", 1)
        pm.Normal("score", base + (who[i] + who[j]) / 2, e, observed=rng().normal(size=i.size))
    return model


@animal(
    """
    m     | coefficient   | as it stands | identity     |  | u, v | yes
    s_u   | population sd | no           | - / identity |  |      | yes
    u     | deviation     | as it stands | identity     |  | m, v | yes
    s_v   | population sd | no           | - / identity |  |      | yes
    v     | deviation     | as it stands | identity     |  | m, u | yes
    s1    | cannot tell   | ?            | ?            |  | ?    | yes
    s2    | cannot tell   | ?            | ?            |  | ?    | yes
    """,
    loose=[{"m", "u", "v"}],
)
def two_noises():
    """Crossed terms whose noise has two sources."""
    i, j = crossed(5, 4, times=2)
    with pm.Model() as model:
        m = pm.Normal("m", 0, 5)
        s_u, s_v = pm.HalfNormal("s_u", 1), pm.HalfNormal("s_v", 1)
        u, v = pm.Normal("u", 0, s_u, shape=5), pm.Normal("v", 0, s_v, shape=4)
        s1, s2 = pm.HalfNormal("s1", 1), pm.HalfNormal("s2", 1)
        pm.Normal("y", m + u[i] + v[j], pt.sqrt(s1**2 + s2**2), observed=rng().normal(size=i.size))
    return model


@animal(
    """
    mu_ls | population mean / noise / cannot tell | no / ? | ? | | | yes
    s_ls  | population sd / noise / cannot tell   | no / ? | ? | | | yes
    ls    | noise / cannot tell                   | no / ? | ? | mu_ls / - | | yes
    a     | coefficient                           | as it stands | identity | | | yes
    """,
    misleading="the groups differ in their noise only",
)
def noise_by_group():
    """A noise for each group, the logarithms from a population."""
    (i,) = crossed(5, times=5)
    with pm.Model() as model:
        mu_ls = pm.Normal("mu_ls", 0, 1)
        s_ls = pm.HalfNormal("s_ls", 1)
        ls = pm.Normal("ls", mu_ls, s_ls, shape=5)
        a = pm.Normal("a", 0, 5)
        pm.Normal("y", a, pt.exp(ls[i]), observed=rng().normal(size=i.size))
    return model


@animal(
    """
    s    | population sd | no           | - / cloglog |  |                | yes
    trap | level         | as it stands | cloglog     |  | night, b * bait | yes
    night | coefficient  | as it stands | cloglog     |  | trap, b * bait  | yes
    b    | coefficient   | times bait   | cloglog     |  | trap, night     | yes
    """,
    loose=[{"trap", "night"}],
    misleading="where the model starts, the animal is nearly always caught",
)
def nearly_always():
    """Catches by trap and night, complementary log-log, with traps that are good by their prior."""
    i, j = crossed(4, 3)
    with pm.Model() as model:
        bait = pm.Data("bait", rng().normal(size=i.size))
        s = pm.HalfNormal("s", 1)
        trap = pm.Normal("trap", 2.1, s, shape=4)
        night = pm.Normal("night", 0, 1, shape=3)
        b = pm.Normal("b", 0, 1)
        p = 1 - pm.math.exp(-pm.math.exp(trap[i] + night[j] + b * bait))
        pm.Binomial("caught", n=10, p=p, observed=rng().integers(0, 11, i.size))
    return model


@untold("a", "b", reason=("bend", "scale"))
def two_rates():
    """A count from two sources, the sum of two exponentials."""
    x = np.linspace(0, 1, 12)
    with pm.Model() as model:
        a, b = pm.Normal("a", 0, 1), pm.Normal("b", 0, 1)
        pm.Poisson("n", pm.math.exp(a) + pm.math.exp(b * x), observed=rng().poisson(2, 12))
    return model


@untold("a", "b", reason=("bend", "scale"))
def guessing():
    """A test with four answers, so a quarter is guessed right."""
    x = np.linspace(-2, 2, 16)
    with pm.Model() as model:
        a, b = pm.Normal("a", 0, 1), pm.Normal("b", 0, 1)
        p = 0.25 + 0.75 * pm.math.invlogit(a + b * x)
        pm.Bernoulli("right", p, observed=rng().integers(0, 2, 16))
    return model


@untold("b", reason=("distribution",))
def lifetimes():
    """Weibull lifetimes."""
    x = np.linspace(-2, 2, 16)
    with pm.Model() as model:
        b = pm.Normal("b", 0, 1)
        pm.Weibull("t", alpha=1.5, beta=pm.math.exp(b * x), observed=rng().uniform(0.5, 2, 16))
    return model


@untold("growth", "rate", "top", reason=("product", "multipl", "bend"))
def logistic_growth():
    """Plants that grow to a top along a logistic curve."""
    t = np.linspace(0, 10, 16)
    with pm.Model() as model:
        top = pm.HalfNormal("top", 10)
        rate = pm.HalfNormal("rate", 1)
        growth = pm.Normal("growth", 5, 1)
        mean = top / (1 + pm.math.exp(-rate * (t - growth)))
        pm.Normal("height", mean, 1.0, observed=rng().normal(5, 1, 16))
    return model
