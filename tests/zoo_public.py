"""Models that stand in public repositories, written again in our words, with invented data and the authors' names.

Each docstring names the source. The rows were written by hand from the formula before the table was read, in the
notation of tests/zoo.py. Where the rule asks for "cannot tell" (a term centred after the fact, a precision, the log
of an sd, a truncated outcome), that reading is the first.
"""

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from zoo import animal, crossed, rng

PUBLIC = {}


@animal(
    """
    home @ home_points      | coefficient   | as it stands | log     |  | intercept, atts, defs | yes
    intercept @ home_points | coefficient   | as it stands | log     |  | home, atts, defs      | yes
    sd_att @ home_points    | population sd / cannot tell | no | - / log |  |               | yes
    sd_def @ home_points    | population sd / cannot tell | no | - / log |  |               | yes
    atts_star @ home_points | cannot tell / deviation | ? | ? | ? | ? | yes
    defs_star @ home_points | cannot tell / deviation | ? | ? | ? | ? | yes
    atts @ home_points      | cannot tell / deviation | ? | ? | ? | ? | no
    defs @ home_points      | cannot tell / deviation | ? | ? | ? | ? | no
    intercept @ away_points | coefficient   | as it stands | log     |  | atts, defs            | yes
    sd_att @ away_points    | population sd / cannot tell | no | - / log |  |               | yes
    sd_def @ away_points    | population sd / cannot tell | no | - / log |  |               | yes
    atts_star @ away_points | cannot tell / deviation | ? | ? | ? | ? | yes
    defs_star @ away_points | cannot tell / deviation | ? | ? | ? | ? | yes
    atts @ away_points      | cannot tell / deviation | ? | ? | ? | ? | no
    defs @ away_points      | cannot tell / deviation | ? | ? | ? | ? | no
    """,
    source="pymc-devs/pymc-examples, examples/case_studies/rugby_analytics.myst.md",
    where=PUBLIC,
)
def six_nations():
    """Points of home and away team; attack and defence centred after the fact.

    Source: pymc-devs/pymc-examples, examples/case_studies/rugby_analytics.myst.md.
    """
    pairs = np.array([(h, a) for h in range(6) for a in range(6) if h != a])
    hosts, guests = pairs.T
    with pm.Model(coords={"team": list("ABCDEF")}) as model:
        home = pm.Normal("home", 0, 1)
        sd_att = pm.HalfNormal("sd_att", 2)
        sd_def = pm.HalfNormal("sd_def", 2)
        intercept = pm.Normal("intercept", 3, 1)
        atts_star = pm.Normal("atts_star", 0, sd_att, dims="team")
        defs_star = pm.Normal("defs_star", 0, sd_def, dims="team")
        atts = pm.Deterministic("atts", atts_star - pt.mean(atts_star), dims="team")
        defs = pm.Deterministic("defs", defs_star - pt.mean(defs_star), dims="team")
        home_theta = pt.exp(intercept + home + atts[hosts] + defs[guests])
        away_theta = pt.exp(intercept + atts[guests] + defs[hosts])
        pm.Poisson("home_points", home_theta, observed=rng().poisson(22, 30))
        pm.Poisson("away_points", away_theta, observed=rng().poisson(18, 30))
    return model


@animal(
    """
    mu_theta    | population mean | through theta | logit |                                    |       | yes
    sigma_theta | population sd   | through theta | -     |                                    |       | yes
    sigma_b     | population sd   | through b     | -     |                                    |       | yes
    Delta_theta | standardised    | through theta | -     |                                    |       | yes
    Delta_b     | standardised    | through b     | -     |                                    |       | yes
    theta       | level           | as it stands  | logit | Delta_theta, sigma_theta, mu_theta | b     | no
    b           | deviation       | minus         | logit | Delta_b, sigma_b                   | theta | no
    eta         | computed        | no            | ?     | theta, b                           |       | no
    """,
    loose=[{"theta", "b"}],
    source="pymc-devs/pymc-examples, examples/case_studies/item_response_nba.myst.md",
    where=PUBLIC,
)
def fouls():
    """Fouls called, by the player who suffers and the player who commits: a Rasch model.

    Source: pymc-devs/pymc-examples, examples/case_studies/item_response_nba.myst.md.
    """
    suffers, commits = crossed(5, 4)
    with pm.Model(coords={"disadvantaged": list("abcde"), "committing": list("wxyz")}) as model:
        called = pm.Data("foul_called_observed", rng().integers(0, 2, suffers.size))
        mu_theta = pm.Normal("mu_theta", 0.0, 100.0)
        sigma_theta = pm.HalfCauchy("sigma_theta", 2.5)
        sigma_b = pm.HalfCauchy("sigma_b", 2.5)
        delta_theta = pm.Normal("Delta_theta", 0.0, 1.0, dims="disadvantaged")
        delta_b = pm.Normal("Delta_b", 0.0, 1.0, dims="committing")
        theta = pm.Deterministic("theta", delta_theta * sigma_theta + mu_theta, dims="disadvantaged")
        b = pm.Deterministic("b", delta_b * sigma_b, dims="committing")
        eta = pm.Deterministic("eta", theta[suffers] - b[commits])
        pm.Bernoulli("y", logit_p=eta, observed=called)
    return model


@animal(
    """
    mua         | population mean | no                      | - / logit |     |                      | yes
    log_sigma_a | cannot tell     | ?                       | ?         | ?   | ?                    | yes
    a           | level           | as it stands            | logit     | mua | b1 * data, b2 * data | yes
    b1          | coefficient     | in rows where data is 1 | logit     |     | a, b2 * data         | yes
    b2          | coefficient     | in rows where data is 1 | logit     |     | a, b1 * data         | yes
    """,
    source="ricardoV94/pymc-model-catalogue, models/election88_hierarchical_logistic.py",
    where=PUBLIC,
)
def election():
    """Votes by state, where the sd of the states is the exponential of a free name.

    Source: ricardoV94/pymc-model-catalogue, models/election88_hierarchical_logistic.py.
    """
    state, black, female = crossed(5, 2, 2, times=2)
    with pm.Model() as model:
        mua = pm.Normal("mua", 0.0, 100.0)
        log_sigma_a = pm.Normal("log_sigma_a", 0.0, 10.0)
        a = pm.Normal("a", mua, pm.math.exp(log_sigma_a), shape=5)
        b1 = pm.Normal("b1", 0.0, 100.0)
        b2 = pm.Normal("b2", 0.0, 100.0)
        pm.Bernoulli(
            "y", logit_p=a[state] + b1 * black + b2 * female, observed=rng().integers(0, 2, state.size)
        )
    return model


@animal(
    """
    global_intercept        | coefficient   | as it stands | identity     |  | subject_intercept, global_age_beta * age_14_data, subject_age_beta * age_14_data, global_coa_beta * coa_data, global_coa_age_beta * coa_data * age_14_data / subject_intercept, global_age_beta * age_14_data, subject_age_beta * age_14_data, global_coa_beta * coa_data, global_coa_age_beta * data | yes
    global_sigma            | noise         | no           | - / identity |  |  | yes
    global_age_beta         | coefficient   | times age_14_data | identity |  | global_intercept, subject_intercept, subject_age_beta * age_14_data, global_coa_beta * coa_data, global_coa_age_beta * coa_data * age_14_data / global_intercept, subject_intercept, subject_age_beta * age_14_data, global_coa_beta * coa_data, global_coa_age_beta * data | yes
    global_coa_beta         | coefficient   | in rows where coa_data is 1 | identity |  | global_intercept, subject_intercept, global_age_beta * age_14_data, subject_age_beta * age_14_data, global_coa_age_beta * coa_data * age_14_data / global_intercept, subject_intercept, global_age_beta * age_14_data, subject_age_beta * age_14_data, global_coa_age_beta * data | yes
    global_coa_age_beta     | coefficient   | times coa_data * age_14_data / times age_14_data * coa_data / times data | identity |  | global_intercept, subject_intercept, global_age_beta * age_14_data, subject_age_beta * age_14_data, global_coa_beta * coa_data | yes
    subject_intercept_sigma | population sd | no           | - / identity |  |  | yes
    subject_age_sigma       | population sd | no           | - / identity |  |  | yes
    subject_intercept       | deviation     | as it stands | identity     |  | global_intercept, global_age_beta * age_14_data, subject_age_beta * age_14_data, global_coa_beta * coa_data, global_coa_age_beta * coa_data * age_14_data / global_intercept, global_age_beta * age_14_data, subject_age_beta * age_14_data, global_coa_beta * coa_data, global_coa_age_beta * data | yes
    subject_age_beta        | deviation     | times age_14_data | identity |  | global_intercept, subject_intercept, global_age_beta * age_14_data, global_coa_beta * coa_data, global_coa_age_beta * coa_data * age_14_data / global_intercept, subject_intercept, global_age_beta * age_14_data, global_coa_beta * coa_data, global_coa_age_beta * data | yes
    growth_model            | computed      | no           | ?            | ? |  | no
    """,
    loose=[{"global_intercept", "subject_intercept"}, {"global_age_beta", "subject_age_beta"}],
    source="pymc-devs/pymc-examples, examples/case_studies/longitudinal_models.myst.md",
    where=PUBLIC,
)
def drinking():
    """Alcohol use of teenagers from 14 on, with and without an alcoholic parent, stored as a growth model.

    Source: pymc-devs/pymc-examples, examples/case_studies/longitudinal_models.myst.md.
    """
    child, years = crossed(8, 3)
    with pm.Model(coords={"ids": np.arange(8)}) as model:
        age_14 = pm.Data("age_14_data", years)
        coa = pm.Data("coa_data", child % 2)
        global_intercept = pm.Normal("global_intercept", 0, 1)
        global_sigma = pm.HalfStudentT("global_sigma", 1, 3)
        global_age_beta = pm.Normal("global_age_beta", 0, 1)
        global_coa_beta = pm.Normal("global_coa_beta", 0, 1)
        global_coa_age_beta = pm.Normal("global_coa_age_beta", 0, 1)
        subject_intercept_sigma = pm.HalfNormal("subject_intercept_sigma", 5)
        subject_age_sigma = pm.HalfNormal("subject_age_sigma", 5)
        subject_intercept = pm.Normal("subject_intercept", 0, subject_intercept_sigma, dims="ids")
        subject_age_beta = pm.Normal("subject_age_beta", 0, subject_age_sigma, dims="ids")
        growth_model = pm.Deterministic(
            "growth_model",
            (global_intercept + subject_intercept[child])
            + global_coa_beta * coa
            + global_coa_age_beta * (coa * age_14)
            + (global_age_beta + subject_age_beta[child]) * age_14,
        )
        pm.Normal("outcome", growth_model, global_sigma, observed=rng().normal(size=child.size))
    return model


@animal(
    """
    chol              | correlation factor       | through alpha_beta_county | - / identity |         |   | yes
    chol_corr         | computed                 | no                        | - / identity | ?       |   | no
    chol_stds         | computed / population sd | no                        | - / identity | ?       |   | no
    mu_alpha_beta     | coefficient              | as it stands + floor_idx  | identity     |         | ? | yes
    z                 | standardised             | through alpha_beta_county | -            |         |   | yes
    alpha_beta_county | deviation                | as it stands + floor_idx  | identity     | chol, z | ? | no
    sigma             | noise                    | no                        | - / identity |         |   | yes
    """,
    loose=[{"mu_alpha_beta", "alpha_beta_county"}],
    source="pymc-devs/pymc-examples, examples/case_studies/multilevel_modeling.myst.md",
    where=PUBLIC,
)
def radon_covariation():
    """Intercepts and slopes of counties with LKJ, non-centred, both means in one variable.

    Source: pymc-devs/pymc-examples, examples/case_studies/multilevel_modeling.myst.md.
    """
    county, storey = crossed(5, 2, times=2)
    with pm.Model(coords={"county": list("abcde"), "param": ["alpha", "beta"]}) as model:
        floor_idx = pm.Data("floor_idx", storey)
        county_idx = pm.Data("county_idx", county)
        sd_dist = pm.Exponential.dist(0.5, shape=(2,))
        chol, _, _ = pm.LKJCholeskyCov("chol", n=2, eta=2.0, sd_dist=sd_dist)
        mu_alpha_beta = pm.Normal("mu_alpha_beta", 0.0, 5.0, shape=2)
        z = pm.Normal("z", 0.0, 1.0, dims=("param", "county"))
        alpha_beta_county = pm.Deterministic("alpha_beta_county", pt.dot(chol, z).T, dims=("county", "param"))
        theta = (
            mu_alpha_beta[0]
            + alpha_beta_county[county_idx, 0]
            + (mu_alpha_beta[1] + alpha_beta_county[county_idx, 1]) * floor_idx
        )
        sigma = pm.Exponential("sigma", 1.0)
        pm.Normal("y", theta, sigma, observed=rng().normal(size=county.size))
    return model


@animal(
    """
    a_bar | population mean | no           | - / logit |       |                                    | yes
    τ     | population sd   | no           | - / logit |       |                                    | yes
    a     | level           | as it stands | logit     | a_bar | bxy * data, bzy * data, bxg * data | yes
    bxy   | coefficient     | times data   | logit     |       | a, bzy * data, bxg * data          | yes
    bzy   | coefficient     | times data   | logit     |       | a, bxy * data, bxg * data          | yes
    bxg   | coefficient     | times data   | logit     |       | a, bxy * data, bzy * data          | yes
    """,
    unvisited={"a": []},
    source="broesler/stats_rethinking, ch13/mundlak_machines.py",
    where=PUBLIC,
)
def mundlak():
    """Test scores by group with the group's mean as a predictor; as many levels as rows, most without rows.

    Source: broesler/stats_rethinking, ch13/mundlak_machines.py.
    """
    (group,) = crossed(6, times=5)
    x = rng().normal(size=group.size)
    z = rng().normal(size=6)
    x_bar = np.array([x[group == k].mean() for k in range(6)])
    with pm.Model() as model:
        a_bar = pm.Normal("a_bar", 0, 1)
        tau = pm.Exponential("τ", 1)
        a = pm.Normal("a", a_bar, tau, size=group.shape)
        bxy = pm.Normal("bxy", 0, 1)
        bzy = pm.Normal("bzy", 0, 1)
        bxg = pm.Normal("bxg", 0, 1)
        p = pm.math.invlogit(a[group] + bxy * x + bzy * z[group] + bxg * x_bar[group])
        pm.Bernoulli("Y", p, observed=rng().integers(0, 2, group.size))
    return model


@animal(
    """
    tau      | cannot tell | ?                       | ?     | ? | ?                                                     | yes
    alpha_0  | coefficient | as it stands            | logit |   | alpha_1 * data, alpha_2 * data, alpha_12 * data, b    | yes
    alpha_1  | coefficient | in rows where data is 1 | logit |   | alpha_0, alpha_2 * data, alpha_12 * data, b           | yes
    alpha_2  | coefficient | in rows where data is 1 | logit |   | alpha_0, alpha_1 * data, alpha_12 * data, b           | yes
    alpha_12 | coefficient | in rows where data is 1 | logit |   | alpha_0, alpha_1 * data, alpha_2 * data, b            | yes
    b        | deviation   | as it stands            | logit |   | alpha_0, alpha_1 * data, alpha_2 * data, alpha_12 * data | yes
    """,
    loose=[{"alpha_0", "b"}],
    source="aflaxman/pymc-examples, seeds_re_logistic_regression_pymc3.ipynb",
    where=PUBLIC,
)
def seed_plates():
    """Germination by plate, one plate per row, with a precision in place of an sd.

    Source: aflaxman/pymc-examples, seeds_re_logistic_regression_pymc3.ipynb.
    """
    x1, x2 = crossed(2, 2, times=5)
    sown = rng().integers(10, 60, x1.size)
    with pm.Model() as model:
        tau = pm.Gamma("tau", 1.0e-3, 1.0e-3)
        alpha_0 = pm.Normal("alpha_0", 0.0, tau=1e-6)
        alpha_1 = pm.Normal("alpha_1", 0.0, tau=1e-6)
        alpha_2 = pm.Normal("alpha_2", 0.0, tau=1e-6)
        alpha_12 = pm.Normal("alpha_12", 0.0, tau=1e-6)
        b = pm.Normal("b", 0.0, tau=tau, shape=x1.size)
        logit_p = alpha_0 + alpha_1 * x1 + alpha_2 * x2 + alpha_12 * x1 * x2 + b
        p = pt.exp(logit_p) / (1 + pt.exp(logit_p))
        pm.Binomial("obs", sown, p, observed=rng().binomial(sown, 0.5))
    return model


@animal(
    """
    sigma               | noise         | no                     | - / identity |                                          |                                                 | yes
    Intercept           | coefficient   | as it stands           | identity     |                                          | Days * data, 1¦Subject, Days¦Subject * data     | yes
    Days                | coefficient   | times data             | identity     |                                          | Intercept, 1¦Subject, Days¦Subject * data       | yes
    1¦Subject_sigma     | population sd | through 1¦Subject      | -            |                                          |                                                 | yes
    1¦Subject_offset    | standardised  | through 1¦Subject      | -            |                                          |                                                 | yes
    1¦Subject           | deviation     | as it stands           | identity     | 1¦Subject_offset, 1¦Subject_sigma        | Intercept, Days * data, Days¦Subject * data     | no
    Days¦Subject_sigma  | population sd | through Days¦Subject   | -            |                                          |                                                 | yes
    Days¦Subject_offset | standardised  | through Days¦Subject   | -            |                                          |                                                 | yes
    Days¦Subject        | deviation     | times data             | identity     | Days¦Subject_offset, Days¦Subject_sigma  | Intercept, Days * data, 1¦Subject               | no
    mu                  | computed      | no                     | ?            | ?                                        |                                                 | no
    """,
    loose=[{"Intercept", "1|Subject", "Days", "Days|Subject"}],
    source="bambinos/bambi, docs/notebooks/sleepstudy.ipynb and bambi/backend/terms.py",
    where=PUBLIC,
)
def sleepstudy():
    """Reaction ~ 1 + Days + (Days | Subject), as the graph that Bambi builds: common predictors are centred.

    The rows write Bambi's bar as ¦.
    Source: bambinos/bambi, docs/notebooks/sleepstudy.ipynb and bambi/backend/terms.py.
    """
    subject, days = crossed(6, 5)
    with pm.Model(coords={"Subject__factor_dim": np.arange(6)}) as model:
        sigma = pm.HalfStudentT("sigma", nu=4, sigma=56)
        intercept = pm.Normal("Intercept", 298, 261)
        slope = pm.Normal("Days", 0, 49)
        mu = intercept + pt.dot((days - days.mean())[:, None], pt.stack([slope]))
        for term, predictor in (("1|Subject", 1.0), ("Days|Subject", days)):
            spread = pm.HalfNormal(f"{term}_sigma", 261)
            offset = pm.Normal(f"{term}_offset", 0, 1, dims="Subject__factor_dim")
            coef = pm.Deterministic(term, offset * spread, dims="Subject__factor_dim")
            mu = mu + coef[subject] * predictor
        mu = pm.Deterministic("mu", mu)
        pm.Normal("Reaction", mu, sigma, observed=rng().normal(300, 50, subject.size))
    return model


@animal(
    """
    sigma     | population sd / cannot tell | no        | - / logit |                                                              |             | yes
    cutpoints | cut-point                   | as it stands | logit  |                                                              | beta * data | yes
    beta      | coefficient                 | minus, times data | logit |                                                          | cutpoints   | yes
    mu        | computed                    | no        | ?         | beta / beta * data                                           |             | no
    y_probs   | computed                    | no        | ?         | cutpoints, beta * data / cutpoints, beta / cutpoints, mu     |             | no
    """,
    source="ricardoV94/pymc-model-catalogue, models/GLM_ordinal_regression.py",
    where=PUBLIC,
)
def ratings():
    """Employees' ratings: ordered logistic, three slopes in one variable, a free sd of the cut-points.

    Source: ricardoV94/pymc-model-catalogue, models/GLM_ordinal_regression.py (from pymc-devs/pymc-examples).
    """
    salary, work_sat, work_from_home = rng().normal(size=(3, 40))
    with pm.Model() as model:
        sigma = pm.Exponential("sigma", 1)
        cutpoints = pm.Normal(
            "cutpoints", np.linspace(0, 5, 4), sigma, transform=pm.distributions.transforms.ordered
        )
        beta = pm.Normal("beta", 0, 1, size=3)
        mu = pm.Deterministic("mu", beta[0] * salary + beta[1] * work_sat + beta[2] * work_from_home)
        pm.OrderedLogistic("y", cutpoints=cutpoints, eta=mu, observed=np.arange(40) % 5)
    return model


@animal(
    """
    sigma_a | population sd | no           | - / log |  |                                     | yes
    beta1   | coefficient   | as it stands | log     |  | beta2 * data, beta3 * data, a_param | yes
    beta2   | coefficient   | times data   | log     |  | beta1, beta3 * data, a_param        | yes
    beta3   | coefficient   | times data   | log     |  | beta1, beta2 * data, a_param        | yes
    a_param | deviation     | as it stands | log     |  | beta1, beta2 * data, beta3 * data   | yes
    """,
    loose=[{"beta1", "a_param"}],
    source="astrobayes/BMAD, chapter_8/code_8.13.py",
    where=PUBLIC,
)
def astronomers():
    """Counts by group with two predictors, the intercept called beta1, very wide priors, sd repeated as a vector.

    Source: astrobayes/BMAD, chapter_8/code_8.13.py.
    """
    (group,) = crossed(5, times=6)
    x1, x2 = rng().uniform(size=(2, group.size))
    with pm.Model() as model:
        sigma_a = pm.Uniform("sigma_a", 0, 100)
        beta1 = pm.Normal("beta1", 0, 100)
        beta2 = pm.Normal("beta2", 0, 100)
        beta3 = pm.Normal("beta3", 0, 100)
        a_param = pm.Normal("a_param", np.repeat(0, 5), pt.repeat(sigma_a, 5), shape=5)
        eta = beta1 + beta2 * x1 + beta3 * x2 + a_param[group]
        pm.Poisson("y", mu=np.exp(eta), observed=rng().poisson(3, group.size))
    return model


@animal(
    """
    intercept    | cannot tell            | ? | ? | ? | ? | yes
    month mu_raw | cannot tell            | ? | ? | ? | ? | yes
    month mu     | cannot tell            | ? | ? | ? | ? | no
    linear trend | cannot tell            | ? | ? | ? | ? | yes
    temp coeff   | cannot tell            | ? | ? | ? | ? | yes
    mu           | cannot tell / computed | ? | ? | ? | ? | no
    sigma        | cannot tell / noise    | ? | ? | ? | ? | yes
    """,
    source="ricardoV94/pymc-model-catalogue, models/excess_deaths.py",
    where=PUBLIC,
)
def deaths():
    """Monthly deaths: a truncated outcome, months that sum to zero by the authors' own function.

    Source: ricardoV94/pymc-model-catalogue, models/excess_deaths.py (from pymc-devs/pymc-examples).
    """
    months = np.tile(np.arange(1, 13), 3)

    def zero_sum(name, sigma, length):
        raw = pm.Normal(f"{name}_raw", sigma=sigma, shape=length - 1)
        total = raw.sum(0, keepdims=True)
        norm = total / (pt.sqrt(length) + length)
        return pm.Deterministic(name, pt.concatenate([raw, norm - total / pt.sqrt(length)]) - norm)

    with pm.Model() as model:
        month = pm.Data("month_idx", months)
        time = pm.Data("time", np.arange(36))
        temp = pm.Data("temp", rng().normal(10, 5, 36))
        intercept = pm.Normal("intercept", 40_000, 10_000)
        month_mu = zero_sum("month mu", 3000, 12)
        trend = pm.TruncatedNormal("linear trend", 0, 50, lower=0)
        coeff = pm.Normal("temp coeff", 0, 200)
        mu = pm.Deterministic("mu", intercept + trend * time + month_mu[month - 1] + coeff * temp)
        sigma = pm.HalfNormal("sigma", 2_000)
        pm.TruncatedNormal("obs", mu=mu, sigma=sigma, lower=0, observed=rng().normal(42_000, 3_000, 36))
    return model


@animal(
    """
    sigma_a   | population sd                      | through alpha | -            |                                                                          |             | yes
    gamma_0   | population mean                    | through alpha / through mu_a / through mu_a, alpha | identity |                                       |             | yes
    gamma_1   | group-level coefficient            | through alpha / through mu_a / through mu_a, alpha | identity |                                       |             | yes
    mu_a      | population mean / level / computed | through alpha | identity     | gamma_0, gamma_1 / gamma_0, gamma_1 * data                               |             | no
    epsilon_a | standardised                       | through alpha | -            |                                                                          |             | yes
    alpha     | level                              | as it stands  | identity     | mu_a, sigma_a, epsilon_a / gamma_0, gamma_1, mu_a, sigma_a, epsilon_a    | beta * data | no
    beta      | coefficient                        | in rows where data is 1 | identity |                                                                    | alpha       | yes
    sigma_y   | noise                              | no            | - / identity |                                                                          |             | yes
    """,
    source="pymc-devs/pymc-examples, examples/case_studies/multilevel_modeling.myst.md",
    where=PUBLIC,
)
def radon_uranium():
    """Radon with the county's uranium, non-centred, where a stored mean is inside a stored level.

    Source: pymc-devs/pymc-examples, examples/case_studies/multilevel_modeling.myst.md.
    """
    county, storey = crossed(5, 2, times=2)
    u = np.array([-0.9, -0.4, 0.0, 0.3, 0.5])
    with pm.Model(coords={"county": list("abcde")}) as model:
        sigma_a = pm.HalfCauchy("sigma_a", 5)
        gamma_0 = pm.Normal("gamma_0", 0.0, 10.0)
        gamma_1 = pm.Normal("gamma_1", 0.0, 10.0)
        mu_a = pm.Deterministic("mu_a", gamma_0 + gamma_1 * u)
        epsilon_a = pm.Normal("epsilon_a", 0, 1, dims="county")
        alpha = pm.Deterministic("alpha", mu_a + sigma_a * epsilon_a, dims="county")
        beta = pm.Normal("beta", 0.0, 10.0)
        sigma_y = pm.Uniform("sigma_y", 0, 100)
        pm.Normal("y_like", alpha[county] + beta * storey, sigma_y, observed=rng().normal(size=county.size))
    return model
