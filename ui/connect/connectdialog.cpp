// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/connectdialog.h"

#include "core/base/whendone.h"
#include "ui/connect/addressdialog.h"
#include "ui/connect/connectform.h"
#include "ui/connect/recentlist.h"
#include "ui/connect/savebox.h"
#include "ui/connect/testresults.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/taborder.h"
#include "ui/shared/theme.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

ConnectDialog::ConnectDialog(const Theme &theme, RecentConnections &recents, Tester tester, QWidget *parent)
    : QDialog(parent), m_theme(theme), m_tester(std::move(tester))
{
    setObjectName(u"connectDialog"_s);
    setWindowTitle(tr("Connect"));
    setMinimumSize(560, 420);
    resize(880, 690);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    QWidget *main = makeMain(theme);
    middle->addWidget(makeRecents(theme, recents));
    middle->addWidget(main, 1);
    outer->addLayout(middle, 1);
    outer->addWidget(makeFooter());
    connect(m_form, &ConnectForm::edited, this, [this] {
        stopTest();
        m_results->clear();
        m_connect->setEnabled(m_form->isValid());
        m_test->setEnabled(m_form->isValid());
    });
    m_connect->setEnabled(m_form->isValid());
    m_test->setEnabled(m_form->isValid());
    setTabOrder(m_scroll, m_test);
    setTabOrder(m_connect, m_recents); // the list is on the left, but comes after the form in tab order
    setProperty(ownTabOrder, true);
    m_form->focusFirst();
}

QWidget *ConnectDialog::makeRecents(const Theme &theme, RecentConnections &recents)
{
    auto *side = new QFrame(this);
    side->setObjectName(u"dialogSide"_s);
    side->setFixedWidth(280);
    m_side = side;
    m_recents = new RecentList(theme, recents, side);
    auto *empty = plainLabel(tr("Connections that you use are listed here, without passwords."), "muted", side);
    empty->setWordWrap(true);
    empty->setContentsMargins(8, 0, 8, 0);
    auto *title = plainLabel(tr("Recent"), nullptr, side);
    title->setFont(Theme::strongFont());
    title->setContentsMargins(8, 0, 8, 4);
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins(8, 18, 8, 8);
    layout->addWidget(title);
    layout->addWidget(empty);
    layout->addWidget(m_recents, 1);
    layout->addStretch();
    const auto update = [this, empty, &recents] {
        empty->setVisible(recents.list().isEmpty());
        m_recents->setVisible(!recents.list().isEmpty());
    };
    connect(&recents, &RecentConnections::changed, this, update);
    update();
    connect(m_recents, &RecentList::picked, this, [this](const RecentConnection &recent) {
        setNotice({});
        m_save->forget();
        m_form->setTarget(recent.target);
    });
    connect(m_recents, &RecentList::chosen, this, &ConnectDialog::useRecent);
    return side;
}

/// Uses a session of its own, which ends with the dialog; addresses mapped there are copied into the form.
void ConnectDialog::showAddresses()
{
    if (!m_makeDoor || !m_form->isValid())
        return;
    std::unique_ptr<SessionDoor> door = m_makeDoor(m_form->target());
    auto *addresses = new AddressDialog(m_theme, *door, this);
    door.release()->setParent(addresses);
    addresses->setAttribute(Qt::WA_DeleteOnClose);
    connect(addresses, &AddressDialog::mapChanged, m_form, &ConnectForm::setAddressMap);
    addresses->open();
}

QWidget *ConnectDialog::makeMain(const Theme &theme)
{
    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto *content = new QWidget(m_scroll);
    auto *title = plainLabel(tr("Connect to a cluster or server"), nullptr, content);
    title->setFont(Theme::titleFont());
    title->setContentsMargins(24, 0, 24, 0);
    m_notice = new QFrame(content);
    m_noticeText = plainLabel({}, nullptr, m_notice);
    m_noticeText->setWordWrap(true);
    auto *noticeLayout = new QVBoxLayout(m_notice);
    noticeLayout->setContentsMargins(12, 8, 12, 8);
    noticeLayout->addWidget(m_noticeText);
    m_notice->hide();
    m_form = new ConnectForm(theme, content);
    connect(m_form, &ConnectForm::addressesRequested, this, &ConnectDialog::showAddresses);
    m_results = new TestResults(theme, content);
    connect(m_results, &TestResults::sentinelChosen, this, [this](const QString &name) {
        ConnectionTarget target = m_form->target();
        target.sentinel.primaryName = name;
        setTarget(target, m_askPassword);
        // queued, because the call deletes the button that emitted the signal
        QTimer::singleShot(0, this, &ConnectDialog::test);
    });
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 18, 0, 16);
    layout->setSpacing(0);
    layout->addWidget(title);
    for (QWidget *inset : std::initializer_list<QWidget *>{m_notice, m_results}) {
        auto *box = new QHBoxLayout;
        box->setContentsMargins(24, inset == m_notice ? 12 : 0, 24, 0);
        box->addWidget(inset);
        layout->addLayout(box);
        if (inset == m_notice) {
            layout->addWidget(m_form);
            m_save = new SaveBox(content);
            layout->addWidget(m_save);
        }
    }
    layout->addStretch();
    m_scroll->setWidget(content);
    return m_scroll;
}

QWidget *ConnectDialog::makeFooter()
{
    auto *footer = new QFrame(this);
    footer->setObjectName(u"dialogFooter"_s);
    m_hint = new ElidedLabel(tr("Passwords are sent only to the servers and stored only in the system's keychain."),
                             Qt::ElideRight, footer);
    m_hint->setProperty("tone", u"muted"_s);
    m_test = new QPushButton(tr("&Test"), footer);
    m_test->setObjectName(u"test"_s);
    m_test->setToolTip(tr("Try every server and report what works and what does not"));
    auto *cancel = new QPushButton(tr("Cancel"), footer);
    m_saveButton = new QPushButton(tr("Sa&ve"), footer);
    m_saveButton->setObjectName(u"saveOnly"_s);
    m_saveButton->hide();
    connect(m_saveButton, &QPushButton::clicked, this, [this] {
        if (!m_form->isValid()) {
            m_form->focusProblem();
            return;
        }
        saveNow();
        accept();
    });
    m_connect = new QPushButton(tr("&Connect"), footer);
    m_connect->setObjectName(u"connect"_s);
    m_connect->setProperty("primary", true);
    m_connect->setDefault(true);
    for (QPushButton *button : {m_test, cancel, m_saveButton})
        button->setAutoDefault(false);
    auto *layout = new QHBoxLayout(footer);
    layout->setContentsMargins(24, 12, 24, 12);
    layout->setSpacing(8);
    layout->addWidget(m_hint, 1);
    layout->addWidget(m_test);
    layout->addWidget(cancel);
    layout->addWidget(m_saveButton);
    layout->addWidget(m_connect);
    connect(m_test, &QPushButton::clicked, this, [this] {
        if (!m_testing) {
            test();
            return;
        }
        stopTest();
        m_results->clear();
    });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_connect, &QPushButton::clicked, this, &ConnectDialog::connectNow);
    return footer;
}

void ConnectDialog::setTarget(const ConnectionTarget &target, bool askPassword)
{
    m_form->setTarget(target);
    m_askPassword = askPassword;
    if (askPassword)
        m_form->focusPassword();
    else
        m_form->focusFirst();
}

const ConnectionTarget &ConnectDialog::target() const
{
    return m_form->target();
}

void ConnectDialog::setNotice(const QString &text, bool isError)
{
    setStyleProperty(m_notice, "finding", isError ? u"error"_s : u"note"_s);
    m_noticeText->setText(text);
    m_notice->setVisible(!text.isEmpty());
}

void ConnectDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (m_askPassword)
        m_form->focusPassword();
}

void ConnectDialog::useRecent(const RecentConnection &recent)
{
    const bool isSame = m_form->target().isSamePlace(recent.target);
    const QString typed = isSame ? m_form->target().credentials.password : QString();
    ConnectionTarget wanted = recent.target;
    wanted.credentials.password = typed;
    if (isSame)
        wanted.sentinel.credentials.password = m_form->target().sentinel.credentials.password;
    m_save->forget();
    setTarget(wanted, recent.hadPassword);
    if (!recent.hadPassword || wanted.hasPassword())
        connectNow();
}

void ConnectDialog::connectNow()
{
    if (!m_form->isValid()) {
        m_form->focusProblem();
        return;
    }
    stopTest();
    const ConnectionTarget chosen = m_form->target();
    if (m_save->isOn())
        saveNow();
    accept();
    Q_EMIT connectRequested(chosen);
}

void ConnectDialog::offerSaving(const QStringList &folders, const SavedConnection *known, bool edits)
{
    m_save->setFolders(folders);
    m_saveButton->setVisible(edits);
    m_side->setVisible(!edits); // choosing a recent connection would overwrite the edited one under its name
    if (!known)
        return;
    m_save->setSaved(*known, edits);
    if (!edits)
        return;
    setWindowTitle(tr("Edit a saved connection"));
    if (known->keepsSecrets && !m_form->target().hasPassword())
        setNotice(tr("Its password could not be read from the keychain: enter it again to change it there."), false);
}

void ConnectDialog::saveNow()
{
    Q_EMIT saveRequested(m_save->saved(m_form->target()));
}

void ConnectDialog::test()
{
    if (!m_form->isValid()) {
        m_form->focusProblem();
        return;
    }
    m_testing = true;
    const quint64 run = ++m_run;
    m_results->setTesting(m_form->target().seeds);
    m_test->setText(tr("Stop the &test"));
    m_hint->setText(tr("Testing…"));
    whenDone(m_tester(m_form->target()), this, [this, run](const ConnectionReport &report) {
        if (run == m_run)
            showReport(report);
    });
    QTimer::singleShot(0, this, [this] { m_scroll->ensureWidgetVisible(m_results); });
}

void ConnectDialog::stopTest()
{
    ++m_run;
    m_testing = false;
    m_test->setText(tr("&Test"));
    m_hint->setText(tr("Passwords are sent only to the servers and stored only in the system's keychain."));
}

void ConnectDialog::showReport(const ConnectionReport &report)
{
    stopTest();
    m_results->setReport(report);
    m_hint->setText(!report.usable                 ? tr("✕ No server accepts the connection.")
                        : report.warning.isEmpty() ? tr("✓ The connection works.")
                                                   : tr("✓ The connection works, with a warning."));
    QTimer::singleShot(0, this,
                       [this] { m_scroll->verticalScrollBar()->setValue(m_scroll->verticalScrollBar()->maximum()); });
}

} // namespace slotscope
