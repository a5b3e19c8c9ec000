# The tables of lesson 07, each from the program that people meet it in:
#     Rscript making/first_tables.R [data | lme4 | rstan | brms | ordinal] ...
# Without arguments all of them; brms and rstan compile for a few minutes. Written are
#   data/sleepstudy.csv, epilepsy.csv, wine.csv  the data, as the packages ship them (`data`)
#   data/printed/*.txt                           what each program prints, word for word, under its version and call
#   data/sleepstudy_lme4.csv and so on           the numbers behind it, and what the program fitted for each row
# The estimates have six significant digits. Where there are draws, `estimate` is their mean and `mcse` its Monte Carlo error.
options(digits = 7, width = 88)
SEED <- 1
number <- function(x) ifelse(is.na(x), "", trimws(formatC(x, digits = 6, format = "g", flag = "")))

# Write what a program prints, under its version and the call.
printed <- function(name, package, call, shown) {
  header <- c(
    paste("#", package, packageVersion(package), "in", R.version.string),
    paste("#", trimws(unlist(strsplit(call, "\n"))))
  )
  writeLines(c(header, capture.output(shown)), file.path("data/printed", paste0(name, ".txt")))
}

# One line of a table of numbers for each estimate.
rows <- function(fit, kind, entry, term, estimate, sd = NA, mcse = NA) {
  data.frame(fit = fit, kind = kind, entry = entry, term = term, estimate = number(estimate), sd = number(sd), mcse = number(mcse))
}

save <- function(name, ...) write.csv(rbind(...), file.path("data", paste0(name, ".csv")), row.names = FALSE, quote = FALSE)

# The data

write_data <- function() {
  plain <- function(d, name) write.table(d, file.path("data", name), sep = ";", row.names = FALSE, quote = FALSE)
  sleep <- lme4::sleepstudy
  plain(sleep[, c("Subject", "Days", "Reaction")], "sleepstudy.csv")
  seizures <- brms::epilepsy
  plain(seizures[, c("patient", "visit", "Age", "Base", "Trt", "count")], "epilepsy.csv")
  standardised <- function(x) (x - mean(x)) / sd(x) # over the 236 rows, as load_epilepsy() does it
  stopifnot(all.equal(seizures$zAge, standardised(seizures$Age)), all.equal(seizures$zBase, standardised(seizures$Base)))
  wine <- ordinal::wine
  plain(wine[, c("judge", "bottle", "temp", "contact", "response", "rating")], "wine.csv")
}

# lme4: reaction times, days counted from 0 and from 4.5

ask_lme4 <- function() {
  suppressPackageStartupMessages(library(lme4))
  numbers <- function(fit, label) {
    fixed <- coef(summary(fit))
    terms <- c("(Intercept)", "Days")
    spread <- VarCorr(fit)$Subject
    of <- function(table) unlist(lapply(1:2, function(k) table[, k]))
    subjects <- rownames(ranef(fit)$Subject)
    rbind(
      rows(label, "fixef", "", terms, fixed[, "Estimate"], fixed[, "Std. Error"]),
      rows(label, "sd", "", terms, attr(spread, "stddev")),
      rows(label, "cor", "", "(Intercept), Days", attr(spread, "correlation")[1, 2]),
      rows(label, "sigma", "", "", sigma(fit)),
      rows(label, "logLik", "", "", as.numeric(logLik(fit))),
      rows(label, "ranef", subjects, rep(terms, each = 18), of(ranef(fit)$Subject)),
      rows(label, "coef", subjects, rep(terms, each = 18), of(coef(fit)$Subject)),
      rows(label, "fitted", as.character(sleepstudy$Subject), paste("day", sleepstudy$Days), fitted(fit))
    )
  }
  from_0 <- lmer(Reaction ~ Days + (Days | Subject), sleepstudy)
  printed("sleepstudy_lme4", "lme4", "summary(lmer(Reaction ~ Days + (Days | Subject), sleepstudy))", print(summary(from_0)))
  sleepstudy$DaysFromMiddle <- sleepstudy$Days - 4.5
  from_middle <- lmer(Reaction ~ DaysFromMiddle + (DaysFromMiddle | Subject), sleepstudy)
  printed(
    "sleepstudy_lme4_from_4_5", "lme4",
    "sleepstudy$DaysFromMiddle <- sleepstudy$Days - 4.5
     summary(lmer(Reaction ~ DaysFromMiddle + (DaysFromMiddle | Subject), sleepstudy))",
    print(summary(from_middle))
  )
  save("sleepstudy_lme4", numbers(from_0, "days from 0"), numbers(from_middle, "days from 4.5"))
}

# Stan: eight schools

ask_rstan <- function() {
  suppressPackageStartupMessages(library(rstan))
  if (dir.exists("/usr/include/boost")) rstan_options(boost_lib = "/usr/include") # where Debian keeps it
  d <- read.csv2("data/eight_schools.csv", dec = ".")
  fit <- stan("making/eight_schools.stan",
    data = list(J = nrow(d), y = d$effect, sigma = d$se), chains = 4, iter = 6000, warmup = 1000, cores = 1,
    refresh = 0, seed = SEED, control = list(adapt_delta = 0.99)
  )
  stopifnot(sum(sapply(get_sampler_params(fit, inc_warmup = FALSE), function(x) sum(x[, "divergent__"]))) == 0)
  printed(
    "eight_schools_stan", "rstan",
    'fit <- stan("eight_schools.stan", data = list(J = 8, y = effect, sigma = se), chains = 4, iter = 6000,
     warmup = 1000, seed = 1, control = list(adapt_delta = 0.99))
     print(fit)',
    print(fit)
  )
  draws <- as.data.frame(posterior::summarise_draws(posterior::as_draws_array(as.array(fit)), "mean", "sd", "mcse_mean"))
  draws <- draws[draws$variable != "lp__", ]
  entry <- ifelse(grepl("[", draws$variable, fixed = TRUE), sub(".*\\[(.*)\\]", "\\1", draws$variable), "")
  entry[entry != ""] <- as.character(d$school)[as.integer(entry[entry != ""])]
  save("eight_schools_stan", rows("", sub("\\[.*", "", draws$variable), entry, "", draws$mean, draws$sd, draws$mcse_mean))
}

# brms: seizures

ask_brms <- function() {
  suppressPackageStartupMessages(library(brms))
  if (dir.exists("/usr/include/boost")) rstan::rstan_options(boost_lib = "/usr/include") # where Debian keeps it
  d <- epilepsy
  prior1 <- prior(normal(0, 10), class = b) + prior(cauchy(0, 2), class = sd)
  calls <- list(
    patients = "brm(count ~ zAge + zBase * Trt + (1 | patient), data = epilepsy, family = poisson(), prior = prior1, seed = 1)",
    observations = "brm(count ~ zAge + zBase * Trt + (1 | patient) + (1 | obs), data = epilepsy, family = poisson(), prior = prior1, seed = 1)",
    negbinomial = "brm(count ~ zAge + zBase * Trt + (1 | patient), data = epilepsy, family = negbinomial(), prior = prior1, seed = 1)"
  )
  files <- c(patients = "epilepsy_brms", observations = "epilepsy_brms_obs", negbinomial = "epilepsy_brms_negbinomial")
  summarised <- function(label, kind, entry, term, draws) {
    draws <- as.matrix(draws)
    chains <- function(x) matrix(x, ncol = 4) # brms puts the chains one below the other
    rows(
      label, kind, entry, term, colMeans(draws), apply(draws, 2, sd),
      apply(draws, 2, function(x) posterior::mcse_mean(chains(x)))
    )
  }
  quantiles <- function(label, kind, entry, term, draws) {
    rows(label, paste(kind, c("5.5%", "94.5%")), entry, term, quantile(draws, c(0.055, 0.945)))
  }
  numbers <- function(label) {
    call <- sub(", seed", ", cores = 1, refresh = 0, seed", calls[[label]], fixed = TRUE)
    fit <- eval(parse(text = call))
    printed(
      files[[label]], "brms",
      paste0(
        "prior1 <- prior(normal(0, 10), class = b) + prior(cauchy(0, 2), class = sd)\n",
        gsub(", (data|prior) =", ",\n\\1 =", calls[[label]]), "\nsummary(fit); prior_summary(fit)"
      ),
      { print(summary(fit)); cat("\n"); print(prior_summary(fit)) }
    )
    draws <- as.matrix(fit)
    terms <- c("Intercept", "zAge", "zBase", "Trt1", "zBase:Trt1")
    fixed <- draws[, paste0("b_", terms)]
    patients <- levels(d$patient)
    each <- draws[, sprintf("r_patient[%s,Intercept]", patients)]
    out <- rbind(
      summarised(label, "fixef", "", terms, fixed),
      summarised(label, "centred intercept", "", "", draws[, "b_Intercept"] + fixed[, -1] %*% colMeans(model.matrix(~ zAge + zBase * Trt, d)[, -1])),
      summarised(label, "sd", "patient", "Intercept", draws[, "sd_patient__Intercept"]),
      summarised(label, "rate ratio of Trt1", "zBase 0", "", exp(draws[, "b_Trt1"])),
      quantiles(label, "rate ratio of Trt1", "zBase 0", "", exp(draws[, "b_Trt1"])),
      summarised(label, "rate ratio of Trt1", "zBase 1", "", exp(draws[, "b_Trt1"] + draws[, "b_zBase:Trt1"])),
      quantiles(label, "rate ratio of Trt1", "zBase 1", "", exp(draws[, "b_Trt1"] + draws[, "b_zBase:Trt1"])),
      summarised(label, "mean factor", "patient", "", exp(draws[, "sd_patient__Intercept"]^2 / 2)),
      quantiles(label, "mean factor", "patient", "", exp(draws[, "sd_patient__Intercept"]^2 / 2)),
      summarised(label, "ranef", patients, "Intercept", each),
      summarised(label, "coef", patients, "Intercept", draws[, "b_Intercept"] + each)
    )
    if (label == "observations") {
      out <- rbind(
        out, summarised(label, "sd", "obs", "Intercept", draws[, "sd_obs__Intercept"]),
        summarised(label, "mean factor", "obs", "", exp(draws[, "sd_obs__Intercept"]^2 / 2)),
        quantiles(label, "mean factor", "obs", "", exp(draws[, "sd_obs__Intercept"]^2 / 2))
      )
    }
    if (label == "negbinomial") out <- rbind(out, summarised(label, "shape", "", "", draws[, "shape"]))
    if (label == "patients") {
      # brms's own functions for what is above computed from its draws
      stopifnot(
        all.equal(unname(coef(fit)$patient[, "Estimate", "Intercept"]), unname(mean(draws[, "b_Intercept"]) + colMeans(each))),
        all.equal(unname(ranef(fit)$patient[, "Estimate", "Intercept"]), unname(colMeans(each)))
      )
      visit <- paste("visit", d$visit)
      out <- rbind(
        out, rows(label, "linear predictor", as.character(d$patient), visit, fitted(fit, scale = "linear")[, "Estimate"]),
        rows(label, "fitted", as.character(d$patient), visit, fitted(fit)[, "Estimate"])
      )
    }
    out
  }
  do.call(save, c("epilepsy_brms", lapply(names(calls), numbers)))
}

# ordinal: the bitterness of wine

ask_ordinal <- function() {
  suppressPackageStartupMessages(library(ordinal))
  fit <- clmm(rating ~ temp + contact + (1 | judge), data = wine)
  printed("wine_ordinal", "ordinal", "summary(clmm(rating ~ temp + contact + (1 | judge), data = wine))", print(summary(fit)))
  table <- coef(summary(fit))
  cut <- grepl("|", rownames(table), fixed = TRUE)
  save(
    "wine_ordinal",
    rows("", ifelse(cut, "threshold", "fixef"), "", rownames(table), table[, "Estimate"], table[, "Std. Error"]),
    rows("", "sd", "judge", "(Intercept)", sqrt(VarCorr(fit)$judge[1])),
    rows("", "logLik", "", "", as.numeric(logLik(fit))),
    rows("", "ranef", rownames(ranef(fit)$judge), "(Intercept)", ranef(fit)$judge[, 1]),
    # the probability of the rating that was given, for each row of the data
    rows("", "fitted", as.character(wine$judge), paste("bottle", wine$bottle), fitted(fit))
  )
}

ask <- commandArgs(trailingOnly = TRUE)
if (length(ask) == 0) ask <- c("data", "lme4", "rstan", "brms", "ordinal")
for (name in ask) get(if (name == "data") "write_data" else paste0("ask_", name))()
