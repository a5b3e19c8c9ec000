# Ask one R program about the chimpanzees; called by programs.py, which judges the numbers:
#     Rscript making/programs.R <lme4 | glmmTMB | rstanarm | brms> <file for the answers, JSON>
# Written are numbers only, all on the log-odds scale and in treatment R/N, rows are draws (one row where
# a program has no draws). `fitted` has the actors 1 to 7 in block 1, then in block 2 and so on; `new`
# has 200 actors that the fit has not seen, in block 1.
arguments <- commandArgs(trailingOnly = TRUE)
program <- arguments[1]
suppressPackageStartupMessages(library(program, character.only = TRUE))
options(digits = 7, width = 200)
SEED <- 1
DRAWS <- 400

d <- read.csv2("data/chimpanzees.csv")
TREATMENTS <- c("R/N", "L/N", "R/P", "L/P")
d$treatment <- factor(TREATMENTS[1 + d$prosoc_left + 2 * d$condition], levels = TREATMENTS)
d$actor <- factor(d$actor)
d$block <- factor(d$block)
formula <- pulled_left ~ treatment + (1 | actor) + (1 | block)
no_intercept <- pulled_left ~ 0 + treatment + (1 | actor) + (1 | block)

seen <- expand.grid(actor = as.character(1:7), block = as.character(1:6))
seen$treatment <- "R/N"
middle <- data.frame(actor = "1", block = "1", treatment = TREATMENTS)
unseen <- data.frame(actor = as.character(101:300), block = "1", treatment = "R/N")

# What an expression gives, or the error's message.
attempt <- function(expression) tryCatch(list(values = expression), error = function(e) list(error = conditionMessage(e)))

# Every number with decimals that printing something shows, as text.
printed <- function(shown) {
  lines <- capture.output(shown)
  unlist(regmatches(lines, gregexpr("-?[0-9]+\\.[0-9]+", lines)))
}

row <- function(values) matrix(values, nrow = 1)

ask_lme4 <- function() {
  fit <- glmer(formula, d, family = binomial)
  bare <- glmer(no_intercept, d, family = binomial)
  list(
    intercept = fixef(fit)[[1]], point = "estimate",
    fixed = row(predict(fit, middle, re.form = NA)),
    fitted = row(predict(fit, seen)),
    entries = row(ranef(fit)$actor[, 1]), block = row(ranef(fit)$block[, 1]),
    sd = attr(VarCorr(fit)$actor, "stddev")[[1]],
    printed = printed(print(summary(fit), digits = 5)),
    ranef = ranef(fit)$actor[, 1], coef = coef(fit)$actor[["(Intercept)"]],
    coef_block = coef(fit)$block[["(Intercept)"]],
    coef_as = list("sum of estimates" = fixef(fit)[[1]] + ranef(fit)$actor[, 1]),
    bare = list(coef = coef(bare)$actor[["(Intercept)"]], fixed = fixef(bare)[[1]], fitted = row(predict(bare, seen))),
    predict = attempt(predict(fit, seen[1, ])),
    default = attempt(predict(fit, unseen[1, ])),
    option = attempt(row(predict(fit, unseen, allow.new.levels = TRUE))),
    calls = list(
      summary = "summary(fit)", ranef = "ranef(fit)$actor", coef = "coef(fit)$actor", intercept = "fixef(fit)",
      predict = "predict(fit, newdata)", default = "predict(fit, newdata)",
      option = "predict(fit, newdata, allow.new.levels = TRUE)"
    )
  )
}

ask_glmmTMB <- function() {
  fit <- glmmTMB(formula, d, family = binomial)
  bare <- glmmTMB(no_intercept, d, family = binomial)
  list(
    intercept = fixef(fit)$cond[[1]], point = "estimate",
    fixed = row(predict(fit, middle, re.form = NA)),
    fitted = row(predict(fit, seen)),
    entries = row(ranef(fit)$cond$actor[, 1]), block = row(ranef(fit)$cond$block[, 1]),
    sd = attr(VarCorr(fit)$cond$actor, "stddev")[[1]],
    printed = printed(print(summary(fit), digits = 5)),
    ranef = ranef(fit)$cond$actor[, 1], coef = coef(fit)$cond$actor[["(Intercept)"]],
    coef_block = coef(fit)$cond$block[["(Intercept)"]],
    coef_as = list("sum of estimates" = fixef(fit)$cond[[1]] + ranef(fit)$cond$actor[, 1]),
    bare = list(
      coef = coef(bare)$cond$actor[["(Intercept)"]], fixed = fixef(bare)$cond[[1]], fitted = row(predict(bare, seen))
    ),
    predict = attempt(predict(fit, seen[1, ])),
    default = attempt(suppressWarnings(predict(fit, unseen[1, ]))),
    warning = tryCatch({ predict(fit, unseen[1, ]); "" }, warning = conditionMessage),
    option = attempt(row(predict(fit, unseen, allow.new.levels = TRUE))),
    calls = list(
      summary = "summary(fit)", ranef = "ranef(fit)$cond$actor", coef = "coef(fit)$cond$actor",
      intercept = "fixef(fit)$cond", predict = "predict(fit, newdata)", default = "predict(fit, newdata)",
      option = "predict(fit, newdata, allow.new.levels = TRUE)"
    )
  )
}

ask_rstanarm <- function() {
  fit_it <- function(formula, chains = 2) {
    stan_glmer(formula, d, family = binomial, chains = chains, iter = 1000, cores = 1, seed = SEED, refresh = 0)
  }
  fit <- fit_it(formula)
  bare <- fit_it(no_intercept, chains = 1)
  draws <- as.matrix(fit)
  keep <- round(seq(1, nrow(draws), length.out = DRAWS))
  entries <- draws[, sprintf("b[(Intercept) actor:%d]", 1:7)]
  sums <- draws[, "(Intercept)"] + entries
  with_new <- posterior_linpred(fit, newdata = unseen)[keep, ]
  list(
    intercept = draws[keep, "(Intercept)"], point = "median",
    fixed = posterior_linpred(fit, newdata = middle, re.form = NA)[keep, ],
    fitted = posterior_linpred(fit, newdata = seen)[keep, ],
    entries = entries[keep, ], block = draws[keep, sprintf("b[(Intercept) block:%d]", 1:6)],
    sd = sqrt(draws[keep, "Sigma[actor:(Intercept),(Intercept)]"]),
    printed = printed(print(summary(fit), digits = 5)),
    entries_mean = colMeans(entries), entries_median = apply(entries, 2, median),
    ranef = ranef(fit)$actor[, 1], coef = coef(fit)$actor[["(Intercept)"]],
    coef_block = coef(fit)$block[["(Intercept)"]],
    coef_as = list(
      "sum of medians" = median(draws[, "(Intercept)"]) + apply(entries, 2, median),
      "median of sums" = apply(sums, 2, median), "mean of sums" = colMeans(sums)
    ),
    bare = list(
      coef = coef(bare)$actor[["(Intercept)"]], fixed = fixef(bare)[[1]], fitted = posterior_linpred(bare, newdata = seen)
    ),
    predict = attempt(predict(fit, newdata = seen[1, ])),
    default = list(values = with_new[, 1]),
    option = list(values = with_new),
    again = posterior_linpred(fit, newdata = unseen[1, ])[keep, 1],
    calls = list(
      summary = "summary(fit)", ranef = "ranef(fit)$actor", coef = "coef(fit)$actor",
      draws = "as.matrix(fit)[, 'b[(Intercept) actor:1]']", intercept = "as.matrix(fit)[, '(Intercept)']",
      predict = "predict(fit, newdata)", default = "posterior_linpred(fit, newdata)",
      option = "posterior_linpred(fit, newdata): nothing to set"
    )
  )
}

ask_brms <- function() {
  if (dir.exists("/usr/include/boost")) rstan::rstan_options(boost_lib = "/usr/include") # where Debian keeps it
  fit_it <- function(formula, chains = 2) {
    brm(formula, d, family = bernoulli(), chains = chains, iter = 1000, cores = 1, seed = SEED, refresh = 0)
  }
  fit <- fit_it(formula)
  bare <- fit_it(no_intercept, chains = 1)
  draws <- as.matrix(fit)
  keep <- round(seq(1, nrow(draws), length.out = DRAWS))
  entries <- draws[, sprintf("r_actor[%d,Intercept]", 1:7)]
  sums <- draws[, "b_Intercept"] + entries
  new <- function(...) {
    set.seed(SEED)
    posterior_linpred(fit, newdata = unseen, allow_new_levels = TRUE, ...)[keep, ]
  }
  list(
    intercept = draws[keep, "b_Intercept"], point = "mean",
    fixed = posterior_linpred(fit, newdata = middle, re_formula = NA)[keep, ],
    fitted = posterior_linpred(fit, newdata = seen)[keep, ],
    entries = entries[keep, ], block = draws[keep, sprintf("r_block[%d,Intercept]", 1:6)],
    sd = draws[keep, "sd_actor__Intercept"],
    printed = printed(print(summary(fit), digits = 5)),
    entries_mean = colMeans(entries), entries_median = apply(entries, 2, median),
    ranef = ranef(fit)$actor[, "Estimate", "Intercept"], coef = coef(fit)$actor[, "Estimate", "Intercept"],
    coef_block = coef(fit)$block[, "Estimate", "Intercept"],
    coef_as = list(
      "sum of medians" = median(draws[, "b_Intercept"]) + apply(entries, 2, median),
      "median of sums" = apply(sums, 2, median), "mean of sums" = colMeans(sums)
    ),
    bare = list(
      coef = coef(bare)$actor[, "Estimate", "Intercept"], fixed = fixef(bare)[1, "Estimate"],
      fitted = posterior_linpred(bare, newdata = seen)
    ),
    predict = attempt(predict(fit, newdata = seen[1, ])),
    default = attempt(posterior_linpred(fit, newdata = unseen[1, ])[keep, 1]),
    option = attempt(new()),
    other = attempt(new(sample_new_levels = "gaussian")),
    setting = formals(getFromNamespace("prepare_predictions.brmsfit", "brms"))$sample_new_levels,
    calls = list(
      summary = "summary(fit)", ranef = "ranef(fit)$actor", coef = "coef(fit)$actor",
      draws = "as.matrix(fit)[, 'r_actor[1,Intercept]']", intercept = "as.matrix(fit)[, 'b_Intercept']",
      predict = "predict(fit, newdata)", default = "posterior_linpred(fit, newdata)",
      option = "posterior_linpred(fit, newdata, allow_new_levels = TRUE)",
      other = "posterior_linpred(fit, newdata, allow_new_levels = TRUE, sample_new_levels = 'gaussian')"
    )
  )
}

answers <- get(paste0("ask_", program))()
answers$version <- as.character(packageDescription(program)$Version)
jsonlite::write_json(answers, arguments[2], digits = NA, auto_unbox = TRUE)
