// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/tlsbox.h"

#include "ui/connect/fieldgrid.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/passwordeye.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

TlsBox::TlsBox(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_on =
        new QCheckBox(tr("Encrypt with &TLS: the certificate of every server is verified, including its name"), this);
    m_on->setObjectName(u"tls"_s);
    layout->addWidget(m_on);
    m_rest = new QWidget(this);
    QGridLayout *grid = fieldGrid(m_rest);
    m_ca = addFile(grid, tr("Trust"), u"tlsCa"_s, tr("the CAs of this computer"));
    m_name = addText(grid, tr("Server name"), u"tlsName"_s, tr("the host name of the server"));
    m_cert = addFile(grid, tr("Client certificate"), u"tlsCert"_s, tr("none"));
    m_key = addFile(grid, tr("Its key"), u"tlsKey"_s, tr("none"));
    m_passphrase = addText(grid, tr("Key's passphrase"), u"tlsPassphrase"_s, tr("none"));
    hideText(m_passphrase, theme);
    m_crl = addFile(grid, tr("Revoked (CRL)"), u"tlsCrl"_s, tr("not measured"));
    m_pin = addText(grid, tr("Pinned SHA-256"), u"tlsPin"_s, tr("none: any trusted certificate"));
    m_pin->setFont(Theme::monoFont());
    m_needs13 = new QCheckBox(tr("TLS 1.3 at least"), m_rest);
    m_needs13->setObjectName(u"tlsNeeds13"_s);
    m_insecure = new QCheckBox(tr("Accept any certificate (an attacker in between can read everything)"), m_rest);
    m_insecure->setObjectName(u"tlsInsecure"_s);
    grid->addWidget(m_needs13, grid->rowCount(), 1);
    grid->addWidget(m_insecure, grid->rowCount(), 1);
    m_note = plainLabel({}, "error", m_rest);
    m_note->setObjectName(u"tlsProblem"_s);
    m_note->setFont(Theme::smallFont());
    m_note->setWordWrap(true);
    grid->addWidget(m_note, grid->rowCount(), 1);
    layout->addWidget(m_rest);
    for (QCheckBox *box : {m_on, m_needs13, m_insecure})
        connect(box, &QCheckBox::toggled, this, &TlsBox::update);
    update();
}

QLineEdit *TlsBox::addText(QGridLayout *grid, const QString &label, const QString &name, const QString &placeholder)
{
    auto *field = new QLineEdit(m_rest);
    field->setPlaceholderText(placeholder);
    addFieldRow(grid, label, field, name);
    connect(field, &QLineEdit::textEdited, this, &TlsBox::update);
    return field;
}

QLineEdit *TlsBox::addFile(QGridLayout *grid, const QString &label, const QString &name, const QString &placeholder)
{
    QLineEdit *field = addText(grid, label, name, placeholder);
    auto *browse = new QToolButton(m_rest);
    browse->setIcon(themedIcon(u"folder-open"_s, m_theme));
    browse->setToolTip(tr("Choose a PEM file"));
    browse->setAccessibleName(tr("Choose the file of “%1”").arg(label));
    grid->addWidget(browse, grid->rowCount() - 1, 2);
    connect(browse, &QToolButton::clicked, this, [this, field, label] { choose(field, label); });
    return field;
}

void TlsBox::choose(QLineEdit *field, const QString &what)
{
    const QString path = QFileDialog::getOpenFileName(this, what, field->text(),
                                                      tr("PEM files (*.pem *.crt *.cer *.key *.crl);;All files (*)"));
    if (path.isEmpty())
        return;
    field->setText(path);
    update();
}

TlsSettings TlsBox::settings() const
{
    TlsSettings settings;
    settings.on = m_on->isChecked();
    if (!settings.on)
        return settings;
    settings.caFile = m_ca->text().trimmed();
    settings.serverName = m_name->text().trimmed();
    settings.certFile = m_cert->text().trimmed();
    settings.keyFile = m_key->text().trimmed();
    settings.keyPassphrase = m_passphrase->text();
    settings.crlFile = m_crl->text().trimmed();
    settings.pin = readFingerprint(m_pin->text()).value_or(QByteArray());
    settings.ciphers = m_ciphers;
    settings.needs13 = m_needs13->isChecked();
    settings.insecure = m_insecure->isChecked();
    return settings;
}

void TlsBox::setSettings(const TlsSettings &settings)
{
    m_filling = true;
    m_on->setChecked(settings.on);
    m_ca->setText(settings.caFile);
    m_name->setText(settings.serverName);
    m_cert->setText(settings.certFile);
    m_key->setText(settings.keyFile);
    m_passphrase->setText(settings.keyPassphrase);
    m_crl->setText(settings.crlFile);
    m_pin->setText(settings.pin.isEmpty() ? QString() : fingerprintText(settings.pin));
    m_ciphers = settings.ciphers;
    m_needs13->setChecked(settings.needs13);
    m_insecure->setChecked(settings.insecure);
    update();
    m_filling = false;
}

QString TlsBox::problem() const
{
    if (!m_on->isChecked())
        return {};
    if (!m_pin->text().trimmed().isEmpty() && !readFingerprint(m_pin->text()))
        return tr("The fingerprint is not a SHA-256: it needs 64 hexadecimal digits, with or without colons.");
    if (m_cert->text().trimmed().isEmpty() != m_key->text().trimmed().isEmpty())
        return tr("A client certificate needs both the certificate file and the key file.");
    return {};
}

void TlsBox::update()
{
    m_rest->setVisible(m_on->isChecked());
    const QString what = problem();
    m_note->setText(u"✕ "_s + what);
    m_note->setVisible(!what.isEmpty());
    if (!m_filling)
        Q_EMIT edited();
}

} // namespace slotscope
