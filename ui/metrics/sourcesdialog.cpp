// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/sourcesdialog.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "ui/metrics/historyfeed.h"
#include "ui/shared/recordkeeper.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/passwordeye.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QHostAddress>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int sourcesWidth = 540;

bool isLoopback(const QUrl &url)
{
    return url.host() == u"localhost"_s || QHostAddress(url.host()).isLoopback();
}

QString foundWords(const PrometheusFound &found, const QUrl &base)
{
    QStringList words{found.version.isEmpty()
                          ? SourcesDialog::tr("%1 answers like Prometheus").arg(base.toString())
                          : SourcesDialog::tr("Prometheus %1 at %2").arg(found.version, base.toString())};
    if (found.nodesFound == 0)
        words.append(
            SourcesDialog::tr("none of the %1 nodes found: it may scrape another cluster, or no redis_exporter")
                .arg(found.nodes));
    else
        words.append(SourcesDialog::tr("%1 of %2 nodes found").arg(found.nodesFound).arg(found.nodes));
    if (found.interval)
        words.append(SourcesDialog::tr("scrapes them every %1").arg(duration(*found.interval)));
    return (words + found.notes).join(u" · "_s);
}

} // namespace

SourcesDialog::SourcesDialog(HistoryFeed &feed, RecordKeeper &keeper, const Theme &theme, QWidget *parent)
    : QDialog(parent)
    , m_feed(feed)
    , m_keeper(keeper)
    , m_keep(new QCheckBox(tr("Save the recorded data to a file on this computer"), this))
    , m_keepWords(wrappedLabel({}, "muted", this))
    , m_address(new QLineEdit(this))
    , m_login(new QComboBox(this))
    , m_user(new QLineEdit(this))
    , m_secret(new QLineEdit(this))
    , m_caFile(new QLineEdit(this))
    , m_userLabel(plainLabel(tr("User"), "muted", this))
    , m_secretLabel(plainLabel({}, "muted", this))
    , m_caLabel(plainLabel(tr("CA file"), "muted", this))
    , m_note(wrappedLabel({}, "muted", this))
    , m_outcome(wrappedLabel({}, nullptr, this))
    , m_browse(new QPushButton(tr("Choose…"), this))
    , m_test(new QPushButton(tr("Test"), this))
    , m_use(new QPushButton(this))
{
    setObjectName(u"sourcesDialog"_s);
    setWindowTitle(tr("Source of older values"));
    setMinimumWidth(sourcesWidth);
    m_use->setProperty("primary", true);
    m_use->setDefault(true);
    m_address->setPlaceholderText(tr("http://prometheus:9090 · empty: only what Slotscope records"));
    m_login->addItems({tr("none"), tr("user name and password"), tr("token (bearer)")});
    m_caFile->setPlaceholderText(tr("none: the CAs of this system"));
    hideText(m_secret, theme);
    const PrometheusSource &source = feed.source();
    m_address->setText(source.base.toString());
    m_login->setCurrentIndex(int(source.login));
    m_user->setText(source.user);
    m_secret->setText(QString::fromUtf8(source.secret));
    m_caFile->setText(source.caFile);
    m_outcome->hide();
    m_keep->setChecked(keeper.isOn());
    m_keep->setToolTip(
        tr("After a restart, Slotscope continues with the saved data. Switching this off removes the file."));
    layOut();
    connect(m_keep, &QCheckBox::toggled, &keeper, &RecordKeeper::setOn);
    connect(&keeper, &RecordKeeper::changed, this, &SourcesDialog::tellKeeping);
    tellKeeping();
    for (QLineEdit *field : {m_address, m_user, m_secret, m_caFile})
        connect(field, &QLineEdit::textChanged, this, &SourcesDialog::check);
    connect(m_login, &QComboBox::currentIndexChanged, this, &SourcesDialog::check);
    connect(m_browse, &QPushButton::clicked, this, &SourcesDialog::chooseFile);
    connect(m_test, &QPushButton::clicked, this, &SourcesDialog::test);
    connect(m_use, &QPushButton::clicked, this, &SourcesDialog::use);
    check();
    m_address->setFocus();
    m_address->selectAll();
}

void SourcesDialog::layOut()
{
    auto *close = new QPushButton(tr("Close"), this);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    for (QPushButton *button : {close, m_test, m_browse})
        button->setAutoDefault(false);
    auto *fields = new QGridLayout;
    fields->setHorizontalSpacing(12);
    fields->setVerticalSpacing(10);
    int line = 0;
    const auto row = [&](QLabel *label, QWidget *field) {
        label->setBuddy(field);
        fields->addWidget(label, line, 0);
        fields->addWidget(field, line++, 1, 1, field == m_caFile ? 1 : 2);
    };
    row(plainLabel(tr("Prometheus"), "muted", this), m_address);
    row(plainLabel(tr("Login"), "muted", this), m_login);
    row(m_userLabel, m_user);
    row(m_secretLabel, m_secret);
    row(m_caLabel, m_caFile);
    fields->addWidget(m_browse, line - 1, 2);
    fields->setColumnStretch(1, 1);
    m_address->setAccessibleName(tr("Address of Prometheus"));
    m_login->setAccessibleName(tr("Login"));
    m_user->setAccessibleName(tr("User"));
    m_caFile->setAccessibleName(tr("CA file"));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_test);
    buttons->addStretch();
    buttons->addWidget(close);
    buttons->addWidget(m_use);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(14);
    layout->addWidget(m_keep);
    layout->addWidget(m_keepWords);
    layout->addLayout(fields);
    layout->addWidget(m_note);
    layout->addWidget(m_outcome);
    layout->addLayout(buttons);
}

Result<PrometheusSource> SourcesDialog::typed() const
{
    PrometheusSource source;
    if (m_address->text().trimmed().isEmpty())
        return source;
    const auto base = prometheusBase(m_address->text());
    if (!base)
        return failure(base.error());
    source.base = *base;
    source.login = PrometheusSource::Login(m_login->currentIndex());
    if (source.login == PrometheusSource::Login::Password)
        source.user = m_user->text();
    if (source.login != PrometheusSource::Login::None)
        source.secret = m_secret->text().toUtf8();
    if (base->scheme() == u"https"_s)
        source.caFile = m_caFile->text().trimmed();
    return source;
}

void SourcesDialog::check()
{
    ++m_tests; // results of a running test do not belong to the changed input
    m_test->setText(tr("Test"));
    m_outcome->hide();
    const auto source = typed();
    const auto login = PrometheusSource::Login(m_login->currentIndex());
    const bool isOn = source && !source->base.isEmpty();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_userLabel, m_user})
        widget->setVisible(login == PrometheusSource::Login::Password);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_secretLabel, m_secret})
        widget->setVisible(login != PrometheusSource::Login::None);
    const QString secretName = login == PrometheusSource::Login::Token ? tr("Token") : tr("Password");
    m_secretLabel->setText(secretName);
    m_secret->setAccessibleName(secretName);
    const bool isTls = isOn && source->base.scheme() == u"https"_s;
    for (QWidget *widget : std::initializer_list<QWidget *>{m_caLabel, m_caFile, m_browse})
        widget->setVisible(isTls);
    m_test->setEnabled(isOn);
    m_use->setEnabled(source.has_value());
    m_use->setText(source && source->base.isEmpty() ? tr("Use none") : tr("Use"));
    QStringList notes{tr("Values before Slotscope's own record are read from the redis_exporter series there.")};
    if (!source)
        notes.front() = u"✕ "_s + source.error().detail;
    else if (login != PrometheusSource::Login::None && isOn) {
        notes.append(login == PrometheusSource::Login::Token
                         ? tr("The token is kept until Slotscope ends and never saved.")
                         : tr("The password is kept until Slotscope ends and never saved."));
        if (!isTls && !isLoopback(source->base))
            notes.append(tr("With http it is sent unencrypted; use https to protect it."));
    }
    m_note->setText(notes.join(u' '));
    setStyleProperty(m_note, "tone", source ? u"muted"_s : u"error"_s);
    fit();
}

void SourcesDialog::tellKeeping()
{
    m_keepWords->setText(
        m_keeper.words().isEmpty()
            ? tr("Nothing is saved. If this is switched on, one day of per-minute data is saved to a file in %1.")
                  .arg(m_keeper.folder())
            : m_keeper.words());
    setStyleProperty(m_keepWords, "tone", m_keeper.hasProblem() ? u"error"_s : u"muted"_s);
    fit();
}

/// Sets the height to what the shown content needs.
void SourcesDialog::fit()
{
    layout()->activate();
    const int wide = std::max(width(), sourcesWidth);
    resize(wide,
           layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(wide) : layout()->totalSizeHint().height());
}

void SourcesDialog::tell(const QString &words, const char *tone)
{
    m_outcome->setText(words);
    setStyleProperty(m_outcome, "tone", QString::fromLatin1(tone));
    m_outcome->show();
    fit();
}

void SourcesDialog::test()
{
    const auto source = typed();
    if (!source || source->base.isEmpty())
        return;
    m_test->setEnabled(false);
    m_test->setText(tr("Testing…"));
    whenDone(m_feed.test(*source), this,
             [this, base = source->base, number = ++m_tests](const Result<PrometheusFound> &found) {
                 if (number != m_tests)
                     return;
                 m_test->setText(tr("Test"));
                 m_test->setEnabled(true);
                 if (found)
                     tell(u"✓ "_s + foundWords(*found, base), found->nodesFound > 0 ? "ok" : "warn");
                 else
                     tell(u"✕ "_s + (found.error().detail.isEmpty() ? describe(found.error()) : found.error().detail),
                          "error");
             });
}

void SourcesDialog::use()
{
    const auto source = typed();
    if (!source)
        return;
    m_feed.setSource(*source);
    accept();
}

void SourcesDialog::chooseFile()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("CA file"), m_caFile->text(),
                                                      tr("Certificates (*.pem *.crt *.cer);;All files (*)"));
    if (!file.isEmpty())
        m_caFile->setText(file);
}

QString SourcesDialog::outcome() const
{
    return m_outcome->isHidden() ? QString() : m_outcome->text();
}

} // namespace slotscope
