// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/valuetab.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/protocol/command.h"
#include "ui/browser/collectioneditor.h"
#include "ui/browser/comparedialog.h"
#include "ui/browser/copiesdialog.h"
#include "ui/browser/editsender.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/expirydialog.h"
#include "ui/browser/keyhead.h"
#include "ui/browser/stringeditor.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 formerBytes = 256 * 1024; // in bytes: larger values are not kept for Undo

QFrame *separator(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setObjectName(u"separator"_s);
    line->setFixedHeight(1);
    return line;
}

/// The command that reads the whole value, for redis-cli and the console.
QByteArray readingCommand(const ValueHead &head)
{
    switch (head.type) {
    case ValueType::Hash: return "HGETALL " + quoted(head.key);
    case ValueType::List: return "LRANGE " + quoted(head.key) + " 0 -1";
    case ValueType::Set: return "SMEMBERS " + quoted(head.key);
    case ValueType::SortedSet: return "ZRANGE " + quoted(head.key) + " 0 -1 WITHSCORES";
    case ValueType::Stream: return "XRANGE " + quoted(head.key) + " - +";
    case ValueType::Json: return "JSON.GET " + quoted(head.key);
    default: return "GET " + quoted(head.key);
    }
}

} // namespace

ValueTab::ValueTab(PageContext &context, EditSender &sender, QByteArray key, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_sender(sender)
    , m_key(std::move(key))
    , m_head(new KeyHead(context, this))
    , m_empty(new EmptyState(context.theme(), this))
    , m_layout(new QVBoxLayout(this))
{
    m_messageBar = new QFrame(this);
    m_messageBar->setObjectName(u"banner"_s);
    m_message = new ElidedLabel({}, Qt::ElideRight, m_messageBar);
    auto *close = new QToolButton(m_messageBar);
    close->setIcon(themedIcon(u"close"_s, context.theme()));
    close->setAccessibleName(tr("Close the message"));
    connect(close, &QToolButton::clicked, m_messageBar, &QWidget::hide);
    auto *message = new QHBoxLayout(m_messageBar);
    message->setContentsMargins(16, 4, 8, 4);
    message->addWidget(m_message);
    message->addWidget(close);
    m_messageBar->hide();
    makeFoot();
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addWidget(m_head);
    m_layout->addWidget(separator(this));
    m_layout->addWidget(m_empty, 1);
    m_layout->addWidget(m_messageBar);
    m_layout->addWidget(separator(this));
    m_layout->addWidget(m_foot);
    ValueHead unread;
    unread.key = m_key;
    m_head->setHead(unread);
    m_head->setReadOnly(context.isReadOnly());
    m_empty->setContent(u"clock"_s, tr("Reading…"), {});
    connectHead();
    readAgain();
}

void ValueTab::makeFoot()
{
    m_foot = new QFrame(this);
    m_foot->setMinimumHeight(47);
    m_changes = plainLabel({}, "accent", m_foot);
    m_footText = new ElidedLabel({}, Qt::ElideRight, m_foot);
    m_footText->setProperty("tone", u"muted"_s);
    m_undo = new QPushButton(themedIcon(u"undo"_s, m_context.theme()), tr("Undo"), m_foot);
    m_undo->setToolTip(tr("Restore what your last change replaced"));
    m_undo->hide();
    m_revert = new QPushButton(tr("Revert"), m_foot);
    m_save = new QPushButton(tr("Save"), m_foot);
    m_save->setProperty("primary", true);
    auto *layout = new QHBoxLayout(m_foot);
    layout->setContentsMargins(16, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(m_changes);
    layout->addWidget(m_footText, 1);
    for (QPushButton *button : {m_undo, m_revert, m_save})
        layout->addWidget(button);
    connect(m_save, &QPushButton::clicked, this, &ValueTab::save);
    connect(m_undo, &QPushButton::clicked, this, &ValueTab::takeBack);
    connect(m_revert, &QPushButton::clicked, this, [this] {
        if (m_view)
            m_view->revert();
        readAgain();
        updateFoot();
    });
}

void ValueTab::connectHead()
{
    connect(m_head, &KeyHead::readAgainRequested, this, &ValueTab::readAgain);
    connect(m_head, &KeyHead::deleteRequested, this, &ValueTab::askToDelete);
    connect(m_head, &KeyHead::expiryRequested, this, &ValueTab::askForExpiry);
    connect(m_head, &KeyHead::renameRequested, this, [this] { askToRename(false); });
    connect(m_head, &KeyHead::duplicateRequested, this, [this] { askToRename(true); });
    connect(m_head, &KeyHead::copiesRequested, this, [this] {
        if (m_context.door())
            (new CopiesDialog(*m_context.door(), m_key, m_valueHead.database, this))->open();
    });
    connect(m_head, &KeyHead::copyCommandRequested, this,
            [this] { QGuiApplication::clipboard()->setText(QString::fromUtf8(readingCommand(m_valueHead))); });
    connect(m_head, &KeyHead::refreshChosen, this, [this](int everyMs) {
        if (everyMs > 0)
            m_refresh.start(everyMs);
        else
            m_refresh.stop();
    });
    connect(&m_refresh, &QTimer::timeout, this, [this] {
        if (isVisible() && !m_isSaving)
            readAgain();
    });
    connect(&m_context, &PageContext::readOnlyChanged, this, [this](bool readOnly) {
        m_head->setReadOnly(readOnly);
        if (m_view)
            m_view->setReadOnly(readOnly);
        updateFoot();
    });
}

void ValueTab::readAgain()
{
    if (!m_sender.services())
        return;
    if (m_isReading) { // a reading in progress may be older than the action
        m_readDue = true;
        return;
    }
    m_isReading = true;
    whenDone(
        m_sender.services()->reader.call<ValueHead>([key = m_key](ValueReader &reader) { return reader.head(key); }),
        this, [this, key = m_key](const Result<ValueHead> &head) {
            m_isReading = false;
            const bool due = std::exchange(m_readDue, false);
            if (key == m_key && !due)
                takeHead(head);
            if (due || key != m_key)
                readAgain();
        });
}

void ValueTab::takeHead(const Result<ValueHead> &head)
{
    if (!m_sender.services())
        return; // the session has ended, and this tab closes
    m_isRead = true;
    if (!head) {
        m_isMissing = false;
        if (m_view)
            tell(describe(head.error()), true, About::Key);
        else
            showEmpty(tr("The key could not be read"), describe(head.error()));
        Q_EMIT titleChanged();
        return;
    }
    m_valueHead = *head;
    m_head->setHead(*head);
    untell(About::Key);
    if (!qobject_cast<CollectionEditor *>(m_view)) // it tells itself when it was read
        untell(About::View);
    m_isMissing = m_isMissing && !head->exists();
    // a view with unsaved changes is not replaced: the input stays, and saving is refused or asks
    const bool keepsView = isChanged() && m_viewType != head->type;
    if (keepsView && !head->exists()) {
        tell(tr("The key no longer exists: it was deleted, or has expired. Your changes are kept here."), true);
    } else if (keepsView) {
        tell(tr("The key has another type now. Your changes are kept here until you revert them."), true);
    } else if (!head->exists()) {
        showMissing();
    } else if (head->type == ValueType::Other) {
        showEmpty(tr("A value of the type %1").arg(QString::fromLatin1(head->typeWord)),
                  tr("It belongs to a module of the server. You can change its name and time to live and see its "
                     "memory here, but not its content."));
    } else {
        if (!m_view || m_viewType != head->type)
            showView(head->type);
        m_view->setHead(*head);
    }
    updateFoot();
    Q_EMIT titleChanged();
    if (std::exchange(m_deleteDue, false))
        askToDelete();
}

void ValueTab::showEmpty(const QString &title, const QString &text)
{
    if (m_view) {
        m_view->deleteLater();
        m_view = nullptr;
    }
    for (QPushButton *button : std::exchange(m_elsewhere, {}))
        button->deleteLater();
    m_empty->setContent(u"info"_s, title, text);
    m_empty->show();
    updateFoot();
}

void ValueTab::showView(ValueType type)
{
    if (m_view)
        m_view->deleteLater();
    m_viewType = type;
    if (type == ValueType::String || type == ValueType::Json)
        m_view =
            new StringEditor(m_context.theme(), m_sender.services(), m_sender.formats(), m_sender.protoFiles(), this);
    else
        m_view = new CollectionEditor(m_context.theme(), m_sender.services(), this);
    m_view->setReadOnly(m_context.isReadOnly());
    m_empty->hide();
    m_layout->insertWidget(m_layout->indexOf(m_empty), m_view, 1);
    connect(m_view, &ValueView::changed, this, &ValueTab::updateFoot);
    connect(m_view, &ValueView::problemFound, this, [this](const Error &error) {
        tell(describe(error), true, error.code == Error::Code::InvalidArgument ? About::Input : About::View);
    });
    connect(m_view, &ValueView::wasRead, this, [this] { untell(About::View); });
    connect(m_view, &ValueView::changed, this, [this] { untell(About::Input); });
    connect(m_view, &ValueView::said, this, [this](const QString &text) { tell(text, false); });
    connect(m_view, &ValueView::editRequested, this, [this](const Edit &edit) { send(edit, false); });
}

/// Whether the value that an edit replaces is kept for Undo: only if it is known to be small.
bool ValueTab::isKept() const
{
    return m_valueHead.memory >= 0 && m_valueHead.memory <= formerBytes;
}

bool ValueTab::mayBeReplaced() const
{
    return !isChanged() && !m_isSaving && !m_isCopying && !m_former;
}

bool ValueTab::isChanged() const
{
    return m_view && m_view->isChanged();
}

void ValueTab::updateFoot()
{
    const bool changed = isChanged();
    const QString whyNot = m_view ? m_view->whyNotSaved() : QString();
    m_changes->setText(m_view ? m_view->changeText() : QString());
    m_changes->setVisible(!m_changes->text().isEmpty());
    m_footText->setText(!whyNot.isEmpty() ? whyNot : m_view ? m_view->footText() : QString());
    setStyleProperty(m_footText, "tone", whyNot.isEmpty() ? u"muted"_s : u"error"_s);
    m_revert->setVisible(m_view != nullptr);
    m_save->setVisible(m_view != nullptr);
    m_revert->setEnabled(changed && !m_isSaving);
    m_save->setEnabled(changed && whyNot.isEmpty() && !m_isSaving && !m_context.isReadOnly());
    m_save->setToolTip(m_context.isReadOnly()  ? tr("This connection is read-only.")
                           : !whyNot.isEmpty() ? whyNot
                                               : tr("Ctrl+S"));
    m_undo->setVisible(m_former.has_value());
    m_undo->setEnabled(!changed && !m_isSaving);
    Q_EMIT titleChanged();
}

QString ValueTab::footText() const
{
    return m_footText->text();
}

QString ValueTab::problemText() const
{
    return m_messageBar->isVisibleTo(this) ? m_message->text() : QString();
}

void ValueTab::untell(About about)
{
    if (m_toldAbout == about)
        m_messageBar->hide();
}

void ValueTab::tell(const QString &text, bool isProblem, About about)
{
    m_toldAbout = about;
    m_message->setText(text);
    setStyleProperty(m_message, "tone", isProblem ? u"error"_s : u"ok"_s);
    setStyleProperty(m_messageBar, "kind", isProblem ? QString() : u"warn"_s);
    m_messageBar->show();
}

void ValueTab::save()
{
    if (!m_view || !isChanged() || m_isSaving || m_context.isReadOnly())
        return;
    if (QWidget *typing = focusWidget()) // a text field that has the focus handles the keyboard key itself
        typing->clearFocus();
    QGuiApplication::inputMethod()->commit();
    m_isSaving = true;
    updateFoot();
    m_view->prepare([this, view = QPointer<ValueView>(m_view)](const Result<Edit> &edit) {
        m_isSaving = false;
        if (!view)
            return;
        if (edit)
            send(*edit, true);
        else
            tell(describe(edit.error()), true);
        updateFoot();
    });
}

void ValueTab::send(const Edit &edit, bool isSave)
{
    Edit sent = edit;
    sent.keepsFormer = edit.keepsFormer && isKept();
    m_isSaving = true;
    m_messageBar->hide();
    updateFoot();
    m_sender.send(sent, [this, self = QPointer<ValueTab>(this), sent, isSave](const Result<EditOutcome> &outcome) {
        if (!self)
            return;
        m_isSaving = false;
        answerDialogs(sent, outcome);
        takeOutcome(sent, outcome, isSave);
        updateFoot();
    });
}

void ValueTab::takeOutcome(const Edit &edit, const Result<EditOutcome> &outcome, bool isSave)
{
    if (!outcome) {
        if (outcome.error().code != Error::Code::Cancelled) {
            tell(describe(outcome.error()), true);
            readAgain(); // the action may have been executed in part
        }
        return;
    }
    if (!outcome->isDone) {
        if (isSave)
            showConflict(edit, *outcome);
        else
            tellRefused(edit, *outcome);
        return;
    }
    m_former = outcome->former;
    if (isSave && m_view)
        m_view->takeSaved();
    if (!edit.commands.isEmpty() && edit.commands.front().front() == "UNLINK")
        Q_EMIT keyGone(m_key);
    else
        Q_EMIT keyChanged(m_key);
    readAgain();
}

} // namespace slotscope
