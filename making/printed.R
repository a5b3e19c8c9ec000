# Prints of R's programs for tests/test_read_printed.py, each really run:
#     Rscript making/printed.R [lme4 | glmmTMB | ordinal | rstanarm | brms | console | console_brms] ...
# Without arguments all of them; brms compiles for many minutes. Written is tests/printed/NAME.txt: what the
# program prints, word for word, under its version and call. The prints named console_ have their commands in
# them, behind a prompt, as they are copied from a session. The roles in tests/printed/expected.csv were
# written by hand. A run replaces the prints; numbers of rstanarm and brms change with the machine.
options(digits = 7, width = 88)
SEED <- 1
suppressPackageStartupMessages(library(lme4)) # has most of the data

# Write what a call prints, under the program's version and the call.
printed <- function(name, package, call, environment = parent.frame(), shown = call) {
  header <- c(
    paste("#", package, packageVersion(package), "in", R.version.string),
    paste("#", trimws(unlist(strsplit(call, "\n"))))
  )
  text <- capture.output(print(eval(parse(text = shown), environment)))
  writeLines(c(header, text), file.path("tests/printed", paste0(name, ".txt")))
}

ask_lme4 <- function() {
  show <- function(name, call) printed(paste0("lme4_", name), "lme4", call, parent.frame())
  fit <- lmer(Reaction ~ Days + (1 | Subject), sleepstudy)
  show("intercepts", "summary(lmer(Reaction ~ Days + (1 | Subject), sleepstudy))")
  show("print", "lmer(Reaction ~ Days + (Days | Subject), sleepstudy)")
  show("apart", "summary(lmer(Reaction ~ Days + (Days || Subject), sleepstudy))")
  show("crossed", "summary(lmer(diameter ~ 1 + (1 | plate) + (1 | sample), Penicillin))")
  show("nested", "summary(lmer(strength ~ 1 + (1 | batch/cask), Pastes))")
  show("binomial", "summary(glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial))")
  show("levels", "summary(glmer(cbind(incidence, size - incidence) ~ 0 + period + (1 | herd), cbpp, binomial))")
  show("probit", 'summary(glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial("probit")))')
  show("poisson", "summary(glmer(TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION), grouseticks, poisson))")
  show("singular", "summary(lmer(angle ~ recipe + temp + (temp | recipe:replicate), transform(cake, temp = temp / 100)))")
  slopes <- lmer(Reaction ~ Days + (Days | Subject), sleepstudy)
  alone <- lmer(Reaction ~ 1 + (Days | Subject), sleepstudy)
  show("ranef", "ranef(lmer(Reaction ~ Days + (Days | Subject), sleepstudy))")
  show("coef", "coef(lmer(Reaction ~ Days + (Days | Subject), sleepstudy))")
  show("fixef", "fixef(lmer(Reaction ~ Days + (Days | Subject), sleepstudy))")
  show("ranef_crossed", "ranef(lmer(diameter ~ 1 + (1 | plate) + (1 | sample), Penicillin))")
  show("coef_crossed", "coef(lmer(diameter ~ 1 + (1 | plate) + (1 | sample), Penicillin))")
  show("varcorr", "VarCorr(lmer(Reaction ~ Days + (Days | Subject), sleepstudy))")
}

ask_glmmTMB <- function() {
  suppressPackageStartupMessages(library(glmmTMB))
  show <- function(name, call) printed(paste0("glmmTMB_", name), "glmmTMB", call, parent.frame())
  show("poisson", "summary(glmmTMB(count ~ mined + (1 | site), Salamanders, family = poisson))")
  show("nbinom2", "summary(glmmTMB(count ~ mined + cover + (1 | site), Salamanders, family = nbinom2))")
  show("zero", "summary(glmmTMB(count ~ mined + (1 | site), zi = ~ mined, Salamanders, family = poisson))")
  show("gaussian", "summary(glmmTMB(Reaction ~ Days + (Days | Subject), sleepstudy))")
  show("ranef", "ranef(glmmTMB(count ~ mined + (1 | site), Salamanders, family = poisson))")
  show("fixef", "fixef(glmmTMB(count ~ mined + (1 | site), Salamanders, family = poisson))")
}

ask_ordinal <- function() {
  suppressPackageStartupMessages(library(ordinal))
  show <- function(name, call) printed(paste0("ordinal_", name), "ordinal", call, parent.frame())
  show("crossed", "summary(clmm(rating ~ temp + contact + (1 | judge) + (1 | bottle), data = wine))")
  show("probit", 'summary(clmm(rating ~ temp + (1 | judge), data = wine, link = "probit"))')
  show("print", "clmm(rating ~ temp + contact + (1 | judge), data = wine)")
  show("ranef", "ranef(clmm(rating ~ temp + contact + (1 | judge), data = wine))")
}

ask_rstanarm <- function() {
  suppressPackageStartupMessages(library(rstanarm))
  fit_it <- function(call) {
    eval(parse(text = sub(")$", ", chains = 2, iter = 1000, cores = 1, seed = SEED, refresh = 0)", call)))
  }
  show <- function(name, call, around) {
    fit <- fit_it(call)
    for (k in seq_along(around)) {
      printed(
        paste0("rstanarm_", name, "_", names(around)[k]), "rstanarm", sub("fit", call, around[k], fixed = TRUE),
        environment(), shown = around[k]
      )
    }
  }
  both <- c(print = "fit", summary = "summary(fit)")
  show("slopes", "stan_lmer(Reaction ~ Days + (Days | Subject), sleepstudy)", c(both, ranef = "ranef(fit)", coef = "coef(fit)"))
  show("binomial", "stan_glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial)", both)
  show("negbinomial", "stan_glmer.nb(TICKS ~ YEAR + (1 | BROOD), grouseticks)", both[1])
}

ask_brms <- function() {
  suppressPackageStartupMessages(library(brms))
  if (dir.exists("/usr/include/boost")) rstan::rstan_options(boost_lib = "/usr/include") # where Debian keeps it
  fit_it <- function(call) {
    eval(parse(text = sub(")$", ", chains = 2, iter = 1000, cores = 1, seed = SEED, refresh = 0)", call)))
  }
  show <- function(name, call, around = c(summary = "summary(fit)")) {
    fit <- fit_it(call)
    for (k in seq_along(around)) {
      printed(
        paste0("brms_", name, "_", names(around)[k]), "brms", sub("fit", call, around[k], fixed = TRUE), environment(),
        shown = around[k]
      )
    }
  }
  all <- c(summary = "summary(fit)", ranef = "ranef(fit)", coef = "coef(fit)", fixef = "fixef(fit)")
  wine <- ordinal::wine
  cbpp$period <- factor(cbpp$period)
  show("gaussian", "brm(Reaction ~ Days + (Days | Subject), sleepstudy)", all)
  show("cumulative", 'brm(rating ~ temp + contact + (1 | judge), wine, family = cumulative("logit"))')
  show("binomial", "brm(incidence | trials(size) ~ 0 + period + (1 | herd), cbpp, family = binomial())")
  show("negbinomial", "brm(TICKS ~ YEAR + (1 | BROOD), grouseticks, family = negbinomial())", all[1:3])
  show("bernoulli", 'brm(I(TICKS > 0) ~ YEAR + (1 | BROOD), grouseticks, family = bernoulli("probit"))')
  show("nested", "brm(strength ~ 1 + (1 | batch/cask), Pastes)")
  show("apart", "brm(Reaction ~ Days + (Days || Subject), sleepstudy)")
}

# Write commands behind a prompt and what they print, as a session shows them.
session <- function(name, package, commands, environment = parent.frame()) {
  lines <- paste("#", package, packageVersion(package), "in", R.version.string)
  for (command in commands) {
    done <- NULL
    shown <- capture.output({
      done <- withVisible(eval(parse(text = command), environment))
      if (done$visible) print(done$value)
    })
    lines <- c(lines, paste0(c("> ", rep("+ ", 99))[seq_along(strsplit(command, "\n")[[1]])], strsplit(command, "\n")[[1]]), shown)
  }
  writeLines(lines, file.path("tests/printed", paste0("console_", name, ".txt")))
}

ask_console <- function() {
  suppressPackageStartupMessages({library(glmmTMB); library(ordinal)})
  show <- function(name, ..., package = "lme4") session(name, package, c(...), parent.frame())
  data(Exam, package = "mlmRev", envir = environment())
  data(Oats, Orthodont, Machines, package = "nlme", envir = environment())
  data(epil, bacteria, package = "MASS", envir = environment())
  data(Owls, package = "glmmTMB", envir = environment())
  data(soup, package = "ordinal", envir = environment())
  Exam <- droplevels(Exam[as.integer(Exam$school) %in% c(1:6, 10:12, 20:24), ])
  plain <- function(data, factor) { # nlme's grouped data and ordered factors are printed differently
    data <- as.data.frame(data)
    data[[factor]] <- factor(as.character(data[[factor]]))
    data
  }
  Oats <- plain(Oats, "Block")
  Orthodont <- plain(Orthodont, "Subject")
  Machines <- plain(Machines, "Worker")
  ChickWeight <- plain(ChickWeight, "Chick")
  ChickWeight <- ChickWeight[as.integer(as.character(ChickWeight$Chick)) %% 3 == 0, ]
  soup <- droplevels(soup[as.integer(soup$RESP) <= 40, ])
  sure <- as.integer(soup$SURENESS)
  soup$SURENESS <- factor(ifelse(sure > 4, "high", ifelse(sure > 2, "mid", "low")), c("low", "mid", "high"), ordered = TRUE)

  exam <- "m <- lmer(normexam ~ standLRT + sex + (standLRT | school), Exam)"
  show("summary_ranef", exam, "summary(m)", "ranef(m)")
  show("coef", exam, "coef(m)")
  show("ranef_school", exam, "ranef(m)$school")
  show("coef_rounded", exam, "round(coef(m)$school, 2)")
  show("ranef_piped", exam, "m |> ranef(condVar = FALSE)", "m |> ranef()")
  show("coef_exp", exam, "exp(coef(m)$school)")
  show("both", exam, "ranef(m, condVar = FALSE)", "head(coef(m)$school)", "fixef(m)")
  show("varcorr", exam, 'print(VarCorr(m), comp = "Variance")')
  show("nested", "o <- lmer(yield ~ nitro + Variety +\n  (1 | Block/Variety), Oats)", "print(summary(o), corr = FALSE)", "coef(o)")
  show("apart", "lmer(distance ~ age * Sex + (1 + age || Subject), Orthodont)")
  show("levels", "w <- lmer(score ~ Machine - 1 + (0 + Machine | Worker), Machines)", "summary(w)", "coef(w)")
  show("nb", "summary(glmer.nb(y ~ trt + V4 + (1 | subject), epil))")
  show("offset", "glmer(y ~ trt + lbase + offset(log(rep(2, 236))) + (1 | subject), epil, family = poisson)")
  show("probit", 'summary(glmer(y ~ trt + I(week > 2) + (1 | ID), bacteria, family = binomial("probit")))')
  chick <- "k <- lmer(weight ~ Time * Diet + (Time | Chick), ChickWeight)"
  show("narrow", chick, "options(width = 40)", "summary(k)", "coef(k)")
  options(width = 88)
  show("powers", exam, "options(scipen = -10)", "summary(m)", "coef(m)")
  options(scipen = 0)
  show("commas", exam, 'options(OutDec = ",", digits = 3)', "summary(m)", "coef(m)$school")
  options(OutDec = ".", digits = 7)

  show <- function(name, ...) session(name, "glmmTMB", c(...), parent.frame())
  zi <- "z <- glmmTMB(SiblingNegotiation ~ FoodTreatment + (1 | Nest), Owls,\n  ziformula = ~ 1 + (1 | Nest), family = poisson)"
  show("zero", zi, "summary(z)", "ranef(z)")
  show("zero_coef", zi, "coef(z)")
  show("dispersion", "d <- glmmTMB(SiblingNegotiation ~ FoodTreatment + (1 | Nest), Owls,\n  family = nbinom2, dispformula = ~ SexParent)", "summary(d)", "fixef(d)", "ranef(d)$cond$Nest")
  show("hurdle", "summary(glmmTMB(SiblingNegotiation ~ FoodTreatment + (1 | Nest), Owls,\n  family = truncated_poisson, ziformula = ~ FoodTreatment))")
  show <- function(name, ...) session(name, "ordinal", c(...), parent.frame())
  show("equidistant", 's <- clmm(SURENESS ~ PROD + (1 | RESP), data = soup, threshold = "equidistant")', "summary(s)", "ranef(s)")
  show("cloglog", 'clmm(SURENESS ~ PROD + (1 | RESP), data = soup, link = "cloglog")')
}

ask_console_brms <- function() {
  suppressPackageStartupMessages({library(rstanarm); library(brms)})
  if (dir.exists("/usr/include/boost")) rstan::rstan_options(boost_lib = "/usr/include") # where Debian keeps it
  data(epil, bacteria, package = "MASS", envir = environment())
  data(Oats, Machines, package = "nlme", envir = environment())
  Oats <- as.data.frame(Oats)
  Oats$Block <- factor(as.character(Oats$Block))
  Machines <- as.data.frame(Machines)
  Machines$Worker <- factor(as.character(Machines$Worker))
  epil <- subset(epil, subject %% 4 == 0)
  bacteria <- subset(bacteria, as.integer(ID) %% 2 == 0)
  run <- ", chains = 2, iter = 600, cores = 1, seed = 1, refresh = 0)"
  show <- function(name, ...) session(paste0("rstanarm_", name), "rstanarm", c(...), parent.frame())
  show("bacteria", paste0("f <- stan_glmer(y ~ trt + (1 | ID), bacteria, family = binomial", run), "f", "coef(f)$ID")
  show("oats", paste0("o <- stan_lmer(yield ~ nitro + (1 | Block/Variety), Oats", run), "print(o, digits = 2)")
  show <- function(name, ...) session(paste0("brms_", name), "brms", c(...), parent.frame())
  epil_call <- paste0("e <- brm(y ~ trt + lbase + offset(log(period)) + (1 | subject), epil, family = poisson()", run)
  show("epil", epil_call, "summary(e)", "ranef(e)$subject", 'coef(e)$subject[, , "Intercept"]')
  show("machines", paste0("w <- brm(score ~ 0 + Machine + (0 + Machine | Worker), Machines", run), "w", "coef(w)")
  show("oats", paste0("s <- brm(bf(yield ~ nitro + (1 | Block), sigma ~ nitro), Oats", run), "summary(s)")
}

ask <- commandArgs(trailingOnly = TRUE)
if (length(ask) == 0) ask <- c("lme4", "glmmTMB", "ordinal", "rstanarm", "brms", "console", "console_brms")
for (name in ask) get(paste0("ask_", name))()
