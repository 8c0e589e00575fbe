// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QAccessible>
#include <QApplication>
#include <QDialog>
#include <QEvent>
#include <QPointer>
#include <QSet>
#include <QStringList>
#include <QTimer>
#include <QWidget>

#include <cstdio>
#include <utility>

namespace slotscope::test {

/// Visits everything that a screen reader can see and checks that every visible control, and every widget that paints
/// itself, has a name and a meaningful accessible role. Rows and cells of tables are not checked because their text is
/// their name.
class AccessibilityWalk
{
public:
    int controls = 0;
    QSet<QString> nameless; ///< path of class and object names, and the role, of each control without a name
    /// paths of widgets that take the keyboard focus or paint themselves but only have the role “client area”
    QSet<QString> roleless;
    QSet<QString> misplaced; ///< pairs of neighbouring controls in a dialog that Tab visits in the wrong order

    void walk(QWidget *window)
    {
        if (QAccessibleInterface *root = QAccessible::queryAccessibleInterface(window))
            visit(root, 0);
        if (qobject_cast<QDialog *>(window) && window->metaObject()->className() != QByteArray("QMessageBox")
            && !window->property("ownTabOrder").toBool())
            followTab(window);
    }

private:
    static constexpr int deepest = 60;

    static bool isControl(QAccessible::Role role)
    {
        switch (role) {
        case QAccessible::PushButton:
        case QAccessible::ButtonMenu:
        case QAccessible::ButtonDropDown:
        case QAccessible::ButtonDropGrid:
        case QAccessible::CheckBox:
        case QAccessible::RadioButton:
        case QAccessible::ComboBox:
        case QAccessible::EditableText:
        case QAccessible::SpinBox:
        case QAccessible::Slider:
        case QAccessible::Dial:
        case QAccessible::Table:
        case QAccessible::Tree:
        case QAccessible::List:
        case QAccessible::PageTab:
        case QAccessible::PageTabList:
        case QAccessible::ProgressBar:
        case QAccessible::MenuItem:
        case QAccessible::Link:
        case QAccessible::Graphic:
        case QAccessible::Chart: return true;
        default: return false;
        }
    }
    /// Checks that Tab moves through a dialog row by row from top to bottom, and from left to right within a row.
    void followTab(QWidget *dialog)
    {
        QList<QWidget *> stops;
        for (QWidget *widget = dialog->nextInFocusChain(); widget != dialog; widget = widget->nextInFocusChain())
            if ((widget->focusPolicy() & Qt::TabFocus) && dialog->isAncestorOf(widget) && widget->isVisible()
                && !widget->focusProxy())
                stops.append(widget);
        const auto name = [](const QWidget *widget) {
            return QStringLiteral("%1 “%2”").arg(QLatin1StringView(widget->metaObject()->className()),
                                                 widget->accessibleName() + widget->objectName()
                                                     + widget->property("text").toString());
        };
        // Controls in different scroll areas are not compared, because scrolled content may be anywhere.
        const auto areaOf = [](const QWidget *widget) {
            const QWidget *at = widget->parentWidget();
            while (at && !qobject_cast<const QAbstractScrollArea *>(at))
                at = at->parentWidget();
            return at;
        };
        for (qsizetype i = 1; i < stops.size(); ++i) {
            if (areaOf(stops[i - 1]) != areaOf(stops[i]))
                continue;
            const QWidget *first = stops[i - 1], *second = stops[i];
            const QRect a(first->mapTo(dialog, QPoint()), first->size());
            const QRect b(second->mapTo(dialog, QPoint()), second->size());
            const bool isSameRow = std::abs(a.center().y() - b.center().y()) <= 4;
            const bool isAbove = b.bottom() <= a.top() && b.left() < a.right() && a.left() < b.right();
            if (!first->isAncestorOf(second) && !second->isAncestorOf(first)
                && ((isSameRow && b.right() <= a.left()) || isAbove))
                misplaced.insert(
                    QStringLiteral("%1: %2 before %3")
                        .arg(QLatin1StringView(dialog->metaObject()->className()), name(first), name(second)));
        }
    }
    static QString pathOf(QAccessibleInterface *face)
    {
        QStringList path;
        QObject *object = face->object();
        if (!object)
            path.append(QStringLiteral("(part of) "));
        for (QAccessibleInterface *at = face; !object && at; at = at->parent())
            object = at->object();
        for (; object && path.size() < 6; object = object->parent())
            path.prepend(QString::fromLatin1(object->metaObject()->className())
                         + (object->objectName().isEmpty() ? QString() : u'#' + object->objectName()));
        return QStringLiteral("%1 (role %2)").arg(path.join(QStringLiteral(" > "))).arg(int(face->role()));
    }
    static bool paintsItself(const QWidget *widget)
    {
        return widget && widget->focusPolicy() != Qt::NoFocus && !widget->focusProxy();
    }

    void visit(QAccessibleInterface *face, int depth)
    {
        if (!face->isValid())
            return; // Qt keeps the accessible object of a closed tab
        const QAccessible::State state = face->state();
        auto *widget = qobject_cast<QWidget *>(face->object());
        if (face->object() && face->object()->objectName() == QStringLiteral("qt_msgboxex_icon_label"))
            return; // the icon of a QMessageBox, which Qt itself adds
        if (depth > deepest || state.invisible || (widget && !widget->isVisible()))
            return;
        const QAccessible::Role role = face->role();
        if (isControl(role) || paintsItself(widget)) {
            ++controls;
            if (face->text(QAccessible::Name).trimmed().isEmpty())
                nameless.insert(pathOf(face));
            if (role == QAccessible::Client || role == QAccessible::NoRole)
                roleless.insert(pathOf(face));
        }
        if (face->tableInterface() || role == QAccessible::Table || role == QAccessible::Tree
            || role == QAccessible::List)
            return;
        for (int i = 0; i < face->childCount(); ++i)
            if (QAccessibleInterface *child = face->child(i))
                visit(child, depth + 1);
    }
};

/// Checks every window of a test program with AccessibilityWalk whenever a widget is shown in it, and so all pages and
/// dialogs that any test opens.
class AccessibilityWatch final : public QObject
{
    Q_DISABLE_COPY_MOVE(AccessibilityWatch)
public:
    AccessibilityWatch()
    {
        m_timer.setSingleShot(true);
        m_timer.callOnTimeout(this, [this] {
            const QList<QPointer<QWidget>> windows = std::exchange(m_windows, {});
            for (const QPointer<QWidget> &window : windows)
                if (window && window->isVisible())
                    m_walk.walk(window);
        });
        qApp->installEventFilter(this);
    }
    ~AccessibilityWatch() override = default;

    /// Prints the controls without a name or role and returns their number.
    [[nodiscard]] int report() const
    {
        std::fprintf(stderr,
                     "INFO   : controls that a screen reader was given: %d, without a name %d, without a role %d\n",
                     m_walk.controls, int(m_walk.nameless.size()), int(m_walk.roleless.size()));
        for (const auto &[faults, word] : {std::pair(&m_walk.nameless, "no name"), {&m_walk.roleless, "no role"}})
            for (const QString &fault : *faults)
                std::fprintf(stderr, "FAIL!  : a screen reader gets %s for %s\n", word, qPrintable(fault));
        for (const QString &fault : m_walk.misplaced)
            std::fprintf(stderr, "FAIL!  : Tab goes another way than the layout in %s\n", qPrintable(fault));
        return int(m_walk.nameless.size() + m_walk.roleless.size() + m_walk.misplaced.size());
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::Show || !watched->isWidgetType())
            return false;
        QWidget *window = static_cast<QWidget *>(watched)->window();
        const QByteArray of = window->metaObject()->className();
        const bool isOurs = of.startsWith("slotscope::") || of == "QMessageBox";
        if (isOurs && !m_windows.contains(window))
            m_windows.append(window);
        if (isOurs)
            m_timer.start(0);
        return false;
    }

private:
    AccessibilityWalk m_walk;
    QList<QPointer<QWidget>> m_windows;
    QTimer m_timer;
};

} // namespace slotscope::test
